import type { ResourceRef, Step } from '../resources/resource.ts';
import type { Stage } from '../roles/role.ts';
import type { RunFailure } from '../ssh/connection.ts';

/** What went wrong on a host, and how it was left. */
export interface HostFailure {
  readonly host: string;
  readonly stage: Stage;
  /** The step that failed; undefined: the script could not even begin. */
  readonly step: Step | undefined;
  /** Exit code of the step, or why there is none. */
  readonly cause: { readonly code: number } | RunFailure;
  /** The last lines that the step printed. */
  readonly output: readonly string[];
  /** What was put back as it was. */
  readonly undone: readonly ResourceRef[];
  /** What this stage changed and could not put back. */
  readonly kept: readonly ResourceRef[];
}

import type { ResourceRef, Step } from '../resources/resource.ts';
import type { Stage } from '../roles/role.ts';
import type { RunFailure } from '../ssh/connection.ts';

/** A stage that was done and cannot stay: nobody could log in anew. */
export interface Rejection {
  readonly reason: 'unconfirmed';
  readonly detail: string;
  readonly hint: string;
}

/** What went wrong on a host, and how it was left. */
export interface HostFailure {
  readonly host: string;
  readonly stage: Stage;
  /** The step that failed; undefined: the script could not even begin, or all steps were done. */
  readonly step: Step | undefined;
  /** Exit code of the step, or why there is none. */
  readonly cause: { readonly code: number } | RunFailure | Rejection;
  /** The last lines that the step printed. */
  readonly output: readonly string[];
  /** What was put back as it was, of all stages of the run. */
  readonly undone: readonly ResourceRef[];
  /** What this run changed and could not put back, or is not known to have put back. */
  readonly kept: readonly ResourceRef[];
}

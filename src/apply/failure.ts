import type { ResourceRef, Step } from '../resources/resource.ts';
import type { Stage } from '../roles/role.ts';
import type { RunFailure } from '../ssh/connection.ts';

/**
 * Why a stage cannot stay, or cannot be begun: `unconfirmed`, nobody could log in anew; `unsound`, the host did not do its work after it;
 * `not-ready`, the host could not be taken out of service, so that nothing was done; `not-back`, it could not be put back into it.
 */
export interface Rejection {
  readonly reason: 'unconfirmed' | 'unsound' | 'not-ready' | 'not-back';
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

import type { Script } from './script.ts';

/** Something that keepalived runs. It wants no shell: words are passed on as they are. */
export interface Program {
  /** Absolute path on the directors. */
  readonly path: string;
  readonly args: readonly string[];
  /** Undefined: it is on the directors anyhow. */
  readonly script: Script | undefined;
}

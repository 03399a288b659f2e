import pLimit from 'p-limit';
import type { Result } from '../result.ts';
import type { Connection, Finished, RunFailure, RunOptions } from './connection.ts';
import type { Link } from './link.ts';
import { runScript } from './run.ts';
import type { SudoPassword } from './sudo.ts';
import type { Target } from './target.ts';

/** sshd allows ten sessions a connection (MaxSessions); scripts beyond this many wait for their turn. */
const maxChannels = 8;

/** A {@link Connection} over an ssh2 link. */
export class ShellConnection implements Connection {
  readonly #target: Target;
  readonly #link: Link;
  readonly #sudo: SudoPassword;
  readonly #limit = pLimit(maxChannels);
  #channels = 0;

  constructor(target: Target, link: Link, sudo: SudoPassword) {
    this.#target = target;
    this.#link = link;
    this.#sudo = sudo;
  }

  get host(): string {
    return this.#target.name;
  }

  get channels(): number {
    return this.#channels;
  }

  run(script: string, options: RunOptions): Promise<Result<Finished, RunFailure>> {
    return this.#limit(() => {
      this.#channels++;
      return runScript(script, options, { target: this.#target, link: this.#link, sudo: this.#sudo });
    });
  }

  close(): void {
    this.#link.close();
  }
}

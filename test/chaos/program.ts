import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { environment, type Lab } from '../../src/lab/index.ts';

/** lvsctl, compiled. */
export const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** How a run of lvsctl ended. */
export interface Ending {
  /** Undefined: a signal ended it. */
  readonly code: number | undefined;
  readonly output: string;
}

/** Seconds that a run may take, whatever happens to it: the longest deadlines of a host that went away, and some. */
const longest = 420;

/** lvsctl at work in the operator's network, while something is done to it. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(lab: Lab, args: readonly string[]) {
    this.#child = spawn('ip', ['netns', 'exec', lab.namespace, process.execPath, main, ...args], {
      env: { ...process.env, NO_COLOR: '1', ...environment(lab) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (data: string) => (this.#output += data));
    this.#ended = once(this.#child, 'close');
  }

  /** What it has said so far. */
  get output(): string {
    return this.#output;
  }

  /** Kills it as `kill -9` does. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Waits until it has ended. Throws when it does not. */
  async end(): Promise<Ending> {
    const given = new AbortController();
    const timer = setTimeout(() => {
      given.abort();
      this.kill();
    }, longest * 1000);
    await this.#ended;
    clearTimeout(timer);
    if (given.signal.aborted) throw new Error(`lvsctl did not end within ${longest} s: ${this.#output}`);
    return { code: this.#child.exitCode ?? undefined, output: this.#output };
  }
}

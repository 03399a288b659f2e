import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import { err, ok, type Result } from '../result.ts';
import { redact } from '../secret.ts';
import type { Finished, RunFailure, RunOptions } from './connection.ts';
import { Deadline } from './deadline.ts';
import { asksForPassword, commandLine, framed, readyLine, type Elevation, type Tokens } from './envelope.ts';
import type { Link } from './link.ts';
import { Output } from './output.ts';
import { printable, printableLine } from './printable.ts';
import * as failures from './run-failures.ts';
import type { RunProblem } from './run-failures.ts';
import type { PasswordTrial, SudoPassword } from './sudo.ts';
import type { Target } from './target.ts';

const defaultMaxOutput = 16 * 1024 * 1024;

/** Milliseconds that a host has to close a channel that was given up, before the whole connection is dropped. */
const closePatience = 5000;

/** Where a script runs. */
export interface RunPlace {
  readonly target: Target;
  readonly link: Link;
  readonly sudo: SudoPassword;
}

/** Runs a script in one channel, see {@link Connection.run}. */
export function runScript(script: string, options: RunOptions, place: RunPlace): Promise<Result<Finished, RunFailure>> {
  const tokens: Tokens = {
    frame: randomBytes(16).toString('hex'),
    prompt: `lvsctl-${randomBytes(16).toString('hex')}:`,
  };
  return new Run(framed(script, tokens), tokens, options, place).result;
}

/**
 * One script under way: opening the channel → waiting for sh, through sudo's question if it comes → the script is sent → its
 * output is collected → closed. Every way out goes through {@link Run.#finish}, once.
 */
class Run {
  readonly result: Promise<Result<Finished, RunFailure>>;
  readonly #payload: Buffer;
  readonly #tokens: Tokens;
  readonly #place: RunPlace;
  readonly #options: RunOptions;
  readonly #elevation: Elevation;
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #deadline: Deadline;
  readonly #abort = (): void => {
    this.#giveUp(failures.stopped());
  };
  #channel: ClientChannel | undefined;
  #sent = false;
  #trial: PasswordTrial | undefined;
  #asking = false;
  #forget = (): void => undefined;
  #resolve: ((result: Result<Finished, RunFailure>) => void) | undefined;

  constructor(payload: Buffer, tokens: Tokens, options: RunOptions, place: RunPlace) {
    this.#payload = payload;
    this.#tokens = tokens;
    this.#place = place;
    this.#options = options;
    const maxOutput = options.maxOutput ?? defaultMaxOutput;
    this.#stdout = new Output(readyLine(tokens), maxOutput, options.onLine);
    this.#stderr = new Output(readyLine(tokens), maxOutput);
    this.#elevation = place.target.become === 'none' ? 'plain' : place.sudo.available ? 'sudo' : 'sudo-silent';
    this.result = new Promise((resolve) => (this.#resolve = resolve));
    this.#deadline = new Deadline(options.deadline, () => {
      this.#giveUp(failures.tooLate(options.deadline, this.#sent));
    });
    this.#start();
  }

  #start(): void {
    const { link } = this.#place;
    this.#forget = link.onClose(() => {
      // The channel gets its close first, with all that had arrived; this is for when it never does.
      setImmediate(() => {
        this.#fail(this.#linkLost());
      });
    });
    const { signal } = this.#options;
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (signal?.aborted === true) {
      this.#abort();
      return;
    }
    try {
      link.client.exec(commandLine(this.#elevation, this.#tokens), (error, channel) => {
        if (error) this.#fail(this.#linkLost(error));
        else this.#opened(channel);
      });
    } catch (error) {
      this.#fail(this.#linkLost(error as Error)); // ssh2 throws when the connection is gone
    }
  }

  #opened(channel: ClientChannel): void {
    this.#channel = channel;
    channel.on('error', () => undefined); // ‘close’ follows, and says it all
    channel.on('data', (chunk: Buffer) => {
      this.#received(this.#stdout, chunk);
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      this.#received(this.#stderr, chunk);
    });
    channel.on('close', (code: number | null | undefined, signal: string | undefined) => {
      this.#closed(code, signal);
    });
    if (this.#resolve === undefined) this.#closeChannel();
    // Where nothing can ask for a password, the script is sent at once: it waits in the pipe, and saves a round trip.
    else if (this.#elevation !== 'sudo') this.#send();
  }

  #received(output: Output, chunk: Buffer): void {
    if (this.#resolve === undefined) return;
    output.push(chunk);
    if (output.overflown) {
      this.#giveUp(failures.tooMuchOutput(this.#options.maxOutput ?? defaultMaxOutput));
    } else if (this.#stdout.marked || this.#stderr.marked) {
      this.#trial?.settle('accepted');
      this.#trial = undefined;
      this.#send();
    } else if (this.#elevation === 'sudo' && asksForPassword(this.#stderr.preamble, this.#tokens)) {
      void this.#answerSudo();
    }
  }

  #send(): void {
    if (this.#sent) return;
    this.#sent = true;
    this.#channel?.end(this.#payload);
  }

  async #answerSudo(): Promise<void> {
    if (this.#asking) return;
    this.#stderr.forgetPreamble();
    if (this.#trial !== undefined) {
      // Asked again: the password was wrong. Nothing more is written.
      this.#trial.settle('refused');
      this.#trial = undefined;
      this.#giveUp(failures.wrongPassword(this.#place.target.user));
      return;
    }
    this.#asking = true;
    const trial = await this.#deadline.pauseFor(this.#place.sudo.trial(this.#place.target.name));
    this.#asking = false;
    if ('reason' in trial) {
      this.#giveUp(failures.noPassword(trial));
    } else if (this.#resolve === undefined) {
      trial.settle('unclear'); // the host went away meanwhile
    } else {
      this.#trial = trial;
      this.#channel?.write(`${trial.password.reveal()}\n`);
    }
  }

  #closed(code: number | null | undefined, signal: string | undefined): void {
    // A link that broke may have swallowed output, whatever exit code came through before.
    if (this.#place.link.over || (typeof code !== 'number' && signal === undefined)) {
      this.#fail(this.#linkLost());
    } else if (!this.#stdout.marked && !this.#stderr.marked) {
      this.#fail(this.#neverReady(code ?? undefined));
    } else {
      const stderr = printable(this.#stderr.collected().toString());
      this.#finish(ok({ code: code ?? undefined, signal, stdout: this.#stdout.collected(), stderr }));
    }
  }

  /** The channel was closed properly, but sh never said that it is there. */
  #neverReady(code: number | undefined): RunProblem {
    const heard = redact(`${this.#stderr.preamble} ${this.#stdout.preamble}`).replaceAll(this.#tokens.prompt, '');
    const said = printableLine(heard) || `nothing (exit code ${String(code)})`;
    const { user } = this.#place.target;
    if (this.#elevation === 'plain') return failures.noShell(user, said);
    // Who may not use sudo at all may still have given the right password.
    this.#trial?.settle(/not in the sudoers|not allowed/i.test(said) ? 'unclear' : 'refused');
    this.#trial = undefined;
    return failures.sudoFailed(user, said, this.#elevation === 'sudo');
  }

  #linkLost(error?: Error): RunProblem {
    const { link } = this.#place;
    const cause = link.cause ?? (error === undefined ? undefined : printableLine(error.message));
    return failures.linkLost(link.over, this.#sent, cause);
  }

  #giveUp(problem: RunProblem): void {
    this.#fail(problem);
    this.#closeChannel();
  }

  #fail(problem: RunProblem): void {
    this.#finish(err({ ...problem, host: this.#place.target.name }));
  }

  #finish(result: Result<Finished, RunFailure>): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    this.#deadline.clear();
    this.#forget();
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#trial?.settle('unclear');
    this.#trial = undefined;
    resolve(result);
  }

  /** Asks the host to end it: by a signal, which not every sshd passes on, and by closing the channel. */
  #closeChannel(): void {
    const channel = this.#channel;
    const { link } = this.#place;
    if (channel === undefined || link.over) return;
    const timer = setTimeout(() => {
      link.client.destroy();
    }, closePatience);
    timer.unref();
    channel.once('close', () => {
      clearTimeout(timer);
    });
    terminate(channel);
    channel.close();
  }
}

/**
 * Asks for SIGTERM (RFC 4254 6.9). `channel.signal()` of ssh2 does nothing once standard input has ended, which it always has
 * here; so it is asked of the protocol below it, if that is still where it was.
 */
function terminate(channel: ClientChannel): void {
  const inner = channel as unknown as {
    readonly outgoing?: { readonly id?: number; readonly state?: string };
    readonly _client?: { readonly _protocol?: { readonly signal?: (id: number, name: string) => void } };
  };
  const { id, state } = inner.outgoing ?? {};
  if (id !== undefined && (state === 'open' || state === 'eof')) inner._client?._protocol?.signal?.(id, 'TERM');
}

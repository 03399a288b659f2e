import type { CommandContext } from '@stricli/core';
import type { Asker } from '../ssh/asker.ts';
import { redact } from '../secret.ts';
import type { ProgressView } from '../ui/progress.ts';
import { createStyle, type Style } from '../ui/style.ts';

/** Exit codes of the command-line contract. */
export const exit = { ok: 0, failed: 1, changes: 2, unreachable: 3, usage: 64, interrupted: 130 } as const;

/** The flags that every command takes. */
export interface GlobalFlags {
  readonly inventory: string;
  readonly limit?: string | undefined;
  readonly json: boolean;
  readonly yes: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly acceptNew: boolean;
  /** Seconds to wait for a host that another run has locked; only commands that change hosts take it. */
  readonly lockWait?: number;
  /** File to write a report into, whose end says the form; only commands that prove something take it. */
  readonly report?: string | undefined;
  /** File to write a report into as JUnit XML. */
  readonly junit?: string | undefined;
}

/** What a command may touch of the process. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** What stricli hands to a command. */
export interface Context extends CommandContext {
  readonly terminal: Terminal;
  /** Sets the exit code of the process. */
  end(code: number): void;
}

/** What commands say. Secrets are masked here already, and once more where all writing goes through: see cli/run.ts. */
export class Output {
  readonly style: Style;
  readonly errorStyle: Style;
  readonly #terminal: Terminal;

  constructor(terminal: Terminal, flags: Pick<GlobalFlags, 'color'>) {
    this.#terminal = terminal;
    this.style = createStyle(flags.color, terminal.stdout.isTTY, terminal.env);
    this.errorStyle = createStyle(flags.color, terminal.stderr.isTTY, terminal.env);
  }

  /** A result, on standard output. */
  line(text = ''): void {
    this.#terminal.stdout.write(`${redact(text)}\n`);
  }

  /** What went wrong, or progress, on standard error. */
  error(text: string): void {
    this.#terminal.stderr.write(`${redact(text)}\n`);
  }

  /** The one JSON document of a command with `--json`. */
  json(value: unknown): void {
    this.line(JSON.stringify(value, undefined, 2));
  }
}

/** The view of what goes on, on standard error: drawn on a terminal, lines elsewhere. */
export async function openProgress(terminal: Terminal, flags: GlobalFlags): Promise<ProgressView> {
  if (terminal.stderr.isTTY && !flags.verbose && terminal.env['TERM'] !== 'dumb') {
    const { terminalProgress } = await import('../ui/terminal-progress.ts');
    return terminalProgress(terminal.stderr, terminal.stdout);
  }
  const { plainProgress } = await import('../ui/plain-progress.ts');
  return plainProgress((line) => terminal.stderr.write(`${line}\n`), flags.verbose);
}

/** Asks at the terminal, if there is one. The view is closed before each question. */
export async function openAsker(terminal: Terminal, progress: ProgressView): Promise<Asker | undefined> {
  if (!terminal.stdin.isTTY || !terminal.stderr.isTTY) return undefined;
  const { terminalAsker } = await import('../ui/ask.ts');
  return terminalAsker(terminal, () => progress.close());
}

/**
 * Calls `first` at the first SIGINT or SIGTERM and `second` at the next one; gives the way to stop listening.
 */
export function onInterrupt(first: () => void, second: () => void): () => void {
  let seen = 0;
  const handler = (): void => {
    seen += 1;
    if (seen === 1) first();
    else second();
  };
  process.on('SIGINT', handler).on('SIGTERM', handler);
  return () => {
    process.off('SIGINT', handler).off('SIGTERM', handler);
  };
}

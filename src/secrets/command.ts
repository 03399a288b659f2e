import { spawn } from 'node:child_process';
import { redact } from '../secret.ts';
import { printableLine } from '../ssh/printable.ts';
import { err, ok, type Result } from '../result.ts';
import type { SecretTrouble } from './trouble.ts';

/** Seconds that a command may take: a password store may have to ask its owner first. */
const patience = 60;

/** The most bytes that a command may print; a file that is shipped to a host is not larger either. */
const mostBytes = 256 * 1024;

/** Where a command runs. */
export interface CommandPlace {
  /** Its working folder: that of the inventory. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Seconds, 60 unless set. */
  readonly deadline?: number;
}

/**
 * What a program prints, without a final line break. No shell is involved: the words are handed to the program as they are. It
 * may ask at the terminal. Output beyond 256 KiB and time beyond the deadline end it; what it says on standard error is shown,
 * known secrets masked, when it fails.
 */
export function printedBy(words: readonly string[], place: CommandPlace): Promise<Result<string, SecretTrouble>> {
  const [program = '', ...rest] = words;
  const deadline = place.deadline ?? patience;
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: place.folder,
      env: place.env,
      // Its own questions go to the terminal, which a program like gpg opens itself; input that is not one is not for it.
      stdio: [process.stdin.isTTY ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    });
    const fail = (message: string, hint?: string): void => {
      clearTimeout(timer);
      resolve(err({ message, ...(hint === undefined ? {} : { hint }) }));
      child.kill('SIGKILL');
      // What it has started may hold these open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => {
      fail(`took longer than ${deadline} seconds`, 'run it by hand: does it wait for something?');
    }, deadline * 1_000);
    const printed: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) fail(`printed more than ${mostBytes / 1024} KiB`);
      else printed.push(chunk);
    });
    let said = Buffer.alloc(0);
    child.stderr.on('data', (chunk: Buffer) => {
      said = Buffer.from(Buffer.concat([said, chunk]).subarray(-4096));
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') fail('cannot be started: there is no such program', 'it is looked for in PATH');
      else fail(`cannot be started: ${error.code ?? error.message}`);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const spoken = printableLine(redact(said.toString()));
      if (code !== 0) {
        const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `failed with exit code ${code}`;
        fail(spoken === '' ? how : `${how}: ${spoken}`, 'run it by hand to see more');
        return;
      }
      resolve(textOf(Buffer.concat(printed)));
    });
  });
}

function textOf(bytes: Buffer): Result<string, SecretTrouble> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return err({ message: 'printed something that is not UTF-8 text' });
  }
  const value = text.replace(/\r?\n$/, '');
  if (value === '') return err({ message: 'printed nothing' });
  if (value.includes('\0')) return err({ message: 'printed something that is not text' });
  return ok(value);
}

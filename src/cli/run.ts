import { setMaxListeners } from 'node:events';
import { run as runApplication } from '@stricli/core';
import { maskWrites } from '../masking/stream.ts';
import { known } from '../secret.ts';
import { exit, type Context, type Terminal } from './context.ts';

/**
 * Runs lvsctl with the given arguments; gives the exit code. A failure that is not foreseen is shown as one line. From here on no
 * secret leaves the process by its outputs, whoever writes to them.
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  // All hosts of a run heed the same Ctrl-C: Node would take more than ten that listen for a leak, and warn of it.
  setMaxListeners(0);
  const finish = [terminal.stdout, terminal.stderr].map((stream) => maskWrites(stream, known));
  try {
    return await runMasked(argv, terminal);
  } finally {
    for (const end of finish) end();
  }
}

async function runMasked(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { application } = await import('./application.ts');
  let code: number | undefined;
  const process = {
    stdout: terminal.stdout,
    stderr: terminal.stderr,
    exitCode: null as number | string | null,
    env: terminal.env,
  };
  await runApplication(application, flagsLast(argv), {
    process,
    terminal,
    end(value: number): void {
      code = value;
    },
  } satisfies Context);
  if (code !== undefined) return code;
  // Negative codes are stricli's own: -4 and -5 are mistakes in the arguments.
  const own = Number(process.exitCode ?? 0);
  return own === -4 || own === -5 ? exit.usage : own === 0 ? exit.ok : exit.failed;
}

const valued = new Set(['-i', '--inventory', '-l', '--limit']);

/** Flags may stand before the command, as in `lvsctl -i FILE plan`: stricli wants them behind it. */
function flagsLast(argv: readonly string[]): string[] {
  let index = 0;
  while (argv[index]?.startsWith('-') === true && argv[index] !== '--') index += valued.has(argv[index] ?? '') ? 2 : 1;
  const [first, rest] = [argv.slice(0, index), argv.slice(index)];
  if (rest.length === 0) return [...argv];
  const escape = rest.indexOf('--');
  return escape < 0 ? [...rest, ...first] : [...rest.slice(0, escape), ...first, ...rest.slice(escape)];
}

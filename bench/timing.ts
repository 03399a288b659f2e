import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { BenchFailure } from './failure.ts';
import type { Command, Outcome } from './contender.ts';

/** Seconds after which a run is given up: ssh waits for ever for a host that died under it. */
const limit = 1800;

/** Runs a command to its end and times it. Its output goes to a file: whatever it leaves running keeps nobody waiting. */
export async function timed(command: Command, file: string, signal: AbortSignal): Promise<Outcome> {
  signal.throwIfAborted();
  const [program = '', ...words] = command.argv;
  const late = AbortSignal.timeout(limit * 1000);
  const output = openSync(file, 'w');
  try {
    const start = performance.now();
    const code = await ended(
      spawn(program, words, {
        stdio: ['ignore', output, output],
        env: { ...process.env, ...command.environment },
        signal: AbortSignal.any([signal, late]),
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    signal.throwIfAborted();
    if (late.aborted) throw new BenchFailure(`${command.argv.join(' ')} did not end within ${limit} s`);
    return { seconds, code, output: readFileSync(file, 'utf8') };
  } finally {
    closeSync(output);
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      if (error.name === 'AbortError') return; // its exit follows
      reject(new BenchFailure(`${child.spawnfile} could not be started: ${error.message}`));
    });
    child.on('exit', (code, name) => {
      resolve(code ?? 128 + (name === null ? 0 : constants.signals[name]));
    });
  });
}

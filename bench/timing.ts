import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { BenchFailure } from './failure.ts';
import type { Command, Outcome } from './contender.ts';

/** Runs a command to its end and times it. Its output goes to a file: whatever it leaves running keeps nobody waiting. */
export async function timed(command: Command, file: string, signal: AbortSignal): Promise<Outcome> {
  signal.throwIfAborted();
  const [program = '', ...words] = command.argv;
  const output = openSync(file, 'w');
  try {
    const start = performance.now();
    const code = await ended(
      spawn(program, words, {
        stdio: ['ignore', output, output],
        env: { ...process.env, ...command.environment },
        signal,
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    signal.throwIfAborted();
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

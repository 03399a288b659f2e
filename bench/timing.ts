import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { BenchFailure } from './failure.ts';
import type { Command, Outcome } from './contender.ts';

/** Seconds after which a run is given up: ssh waits for ever for a host that died under it. */
const limit = 1800;

/** What bash and all that it waited for took of a processor goes into the file named first. */
const counted = 'spent=$1; shift; "$@"; code=$?; times >"$spent"; exit $code';

/** The times that bash's `times` prints, added up: two lines of user's and system's, as `0m1.250s 0m0.130s`. */
function sumOf(text: string): number {
  const times = [...text.matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** Runs a command to its end and times it. Its output goes to a file: whatever it leaves running keeps nobody waiting. */
export async function timed(command: Command, file: string, signal: AbortSignal): Promise<Outcome> {
  signal.throwIfAborted();
  const spent = `${file}.times`;
  const late = AbortSignal.timeout(limit * 1000);
  const output = openSync(file, 'w');
  try {
    const start = performance.now();
    // A process group of its own, so that nothing of it is left when it is given up.
    const child = spawn('bash', ['-c', counted, 'bash', spent, ...command.argv], {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...command.environment },
      detached: true,
    });
    AbortSignal.any([signal, late]).addEventListener('abort', () => {
      if (child.pid !== undefined && (child.exitCode ?? child.signalCode) === null) process.kill(-child.pid);
    });
    const code = await ended(child);
    const seconds = (performance.now() - start) / 1000;
    signal.throwIfAborted();
    if (late.aborted) throw new BenchFailure(`${command.argv.join(' ')} did not end within ${limit} s`);
    return { seconds, processorSeconds: sumOf(readFileSync(spent, 'utf8')), code, output: readFileSync(file, 'utf8') };
  } finally {
    closeSync(output);
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(new BenchFailure(`${child.spawnfile} could not be started: ${error.message}`));
    });
    child.on('exit', (code, name) => {
      resolve(code ?? 128 + (name === null ? 0 : constants.signals[name]));
    });
  });
}

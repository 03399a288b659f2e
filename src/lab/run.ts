import { spawn } from 'node:child_process';
import { LabFailure } from './failure.ts';

/** How to run a command of the machine. */
interface RunOptions {
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a command of the machine left. */
interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the machine to its end and returns its stdout. Throws a LabFailure with its last words when it fails. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await attempt(command, args, options);
  if (ran.code === 0) return ran.stdout;
  const words = (ran.stderr.trim() === '' ? ran.stdout : ran.stderr).trim().split('\n').slice(-12).join('\n');
  throw new LabFailure(
    `${[command, ...args].join(' ')} failed (exit code ${ran.code})${words === '' ? '' : `:\n${words}`}`,
  );
}

/** Runs a command of the machine to its end, whatever its exit code. A command that cannot be started counts as 127. */
export function attempt(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => {
      resolve({ code: 127, stdout, stderr: error.message });
    });
    child.on('close', (code) => {
      resolve({ code: code ?? 130, stdout, stderr });
    });
  });
}

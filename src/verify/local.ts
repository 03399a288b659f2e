import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { err, ok, type Result } from '../result.ts';
import type { Finished, RunFailure, RunOptions } from '../ssh/connection.ts';
import { printable } from '../ssh/printable.ts';
import { operator } from './check.ts';

/** Runs a script on the machine lvsctl runs on, as a connection does on a host; as the user who runs lvsctl. */
export type RunLocal = (
  script: string,
  options: Pick<RunOptions, 'deadline' | 'maxOutput' | 'signal' | 'onLine'>,
) => Promise<Result<Finished, RunFailure>>;

/** Bytes of output kept when the caller does not say. */
const defaultMaxOutput = 16 * 1024 * 1024;

/**
 * {@link RunLocal} by a child process `sh`. The script travels over standard input and is read to its end before any of it is
 * executed. The child leads a process group of its own, which is killed when its time is over.
 */
export const runLocal: RunLocal = (script, { deadline, maxOutput = defaultMaxOutput, signal, onLine }) =>
  new Promise<Result<Finished, RunFailure>>((resolve) => {
    const fail = (reason: RunFailure['reason'], detail: string, hint = ''): void => {
      resolve(err({ reason, host: operator, detail, hint }));
    };
    if (signal?.aborted === true) {
      fail('aborted', 'stopped before it began');
      return;
    }
    const child = spawn('sh', ['-c', 'script=$(cat); exec </dev/null; eval "$script"'], {
      detached: true,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const kill = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group has ended by itself.
      }
    };
    const end = (reason: RunFailure['reason'], detail: string): void => {
      fail(reason, detail);
      kill();
    };
    const timer = setTimeout(() => {
      end('timeout', `took longer than ${deadline} seconds`);
    }, deadline * 1000);
    const onAbort = (): void => {
      end('aborted', 'stopped');
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const collect = (stream: NodeJS.ReadableStream): Buffer[] => {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxOutput) end('too-much-output', `printed more than ${maxOutput} bytes`);
        else chunks.push(chunk);
      });
      return chunks;
    };
    const stdout = collect(child.stdout);
    if (onLine) createInterface({ input: child.stdout }).on('line', onLine);
    const stderr = collect(child.stderr);
    child.on('error', (error) => {
      fail('no-shell', error.message, 'is there a "sh" in PATH?');
    });
    child.on('close', (code, killed) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(
        ok({
          code: code ?? undefined,
          signal: killed ?? undefined,
          stdout: Buffer.concat(stdout),
          stderr: printable(Buffer.concat(stderr).toString('utf8')),
        }),
      );
    });
    // A child that ends before it has read everything breaks the pipe; its exit code tells more than that does.
    child.stdin.on('error', () => undefined);
    child.stdin.end(script);
  });

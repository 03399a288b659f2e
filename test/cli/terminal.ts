import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/cli/context.ts';
import { run } from '../../src/cli/run.ts';

/** What a command line came to. */
export interface Shown {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs lvsctl in this process, without a terminal; standard input is empty unless given. */
export async function lvsctl(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input: string | Buffer = '',
): Promise<Shown> {
  const shown = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): NodeJS.WriteStream =>
    new PassThrough().on('data', (data: Buffer) => {
      shown[name] += data.toString();
    }) as unknown as NodeJS.WriteStream;
  const terminal: Terminal = {
    env: { HOME: '/nonexistent', PATH: process.env['PATH'], ...env },
    stdin: new PassThrough().end(input) as unknown as NodeJS.ReadStream,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  };
  const code = await run(args, terminal);
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...shown };
}

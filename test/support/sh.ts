import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';

/** The shells that hosts have as /bin/sh. */
export const shells = ['dash', 'bash'] as const;
export type Shell = (typeof shells)[number] | 'ash';

/** bash as it is under the name of sh, and not taking a socket on its standard input for rshd. */
const invoked: Readonly<Record<Shell, readonly string[]>> = {
  dash: ['dash'],
  bash: ['bash', '--posix', '--norc'],
  ash: ['busybox', 'ash'],
};

/** What a script left behind. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

// As ssh/envelope.ts has it: the whole script is read first, its own standard input is empty.
const bootstrap = 'umask 022; script=$(cat); cd /; exec </dev/null; eval "$script"';

/** How a script is run, besides by which shell. */
interface Surroundings {
  /** Folders of commands that go before the real ones, with colons between them. */
  readonly commands?: string;
  /** A command to run the shell by. */
  readonly within?: readonly string[];
}

/** Runs a script as a connection does. */
export function runSh(script: string, shell: Shell = 'dash', surroundings: Surroundings = {}): Ran {
  const { command, rest, env } = invocation(shell, surroundings);
  const { status, stdout, stderr, error } = spawnSync(command, rest, {
    input: script,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env,
  });
  if (error) throw error;
  return { code: status ?? -1, stdout, stderr };
}

/** Starts a script that goes on while the test does. */
export function startSh(script: string, shell: Shell, surroundings: Surroundings): ChildProcessWithoutNullStreams {
  const { command, rest, env } = invocation(shell, surroundings);
  const child = spawn(command, rest, { env });
  child.stdin.end(script);
  return child;
}

function invocation(shell: Shell, { commands, within = [] }: Surroundings) {
  const [command, ...rest] = [...within, ...invoked[shell], '-c', bootstrap] as const;
  const system = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return { command, rest, env: { LC_ALL: 'C', PATH: commands === undefined ? system : `${commands}:${system}` } };
}

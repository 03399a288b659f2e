import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ssh2 from 'ssh2';
import { BenchFailure } from '../failure.ts';
import { clusterOf } from '../inventory.ts';
import { timed } from '../timing.ts';
import { inventory, knownHosts, ports } from './fleet.ts';
import type { HostsOrder } from './hosts.ts';
import type { Metered } from './meter.ts';
import { record } from './recording.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lvsctl = join(root, 'dist', 'main.js');

/** Where the programs of a bench are compiled to: packages are found from there. The folder goes with the bench. */
export function compiledFolder(folder: string): string {
  return join(root, 'node_modules', '.lvsctl-bench', basename(folder));
}

/** The fake hosts, and what runs against them. */
export interface World {
  /** Runs `lvsctl plan` of the first so many hosts; it must find nothing to change. */
  plan(hosts: number, terminal?: 'terminal'): Promise<Metered>;
  /** Logs in to the first so many and runs one command, with nothing of lvsctl. */
  floor(hosts: number): Promise<Metered>;
  /** Ends the fake hosts. */
  end(): void;
}

/** What a world is made of. */
export interface WorldOptions {
  /** Empty, for its files. */
  readonly folder: string;
  /** Numbers of hosts that are run. */
  readonly sizes: readonly number[];
  /** Milliseconds that what is sent to a host is under way. */
  readonly delay: number;
  /** Folder for a profile of the processor time of each run; undefined: none is taken. */
  readonly profile: string | undefined;
}

/** Opens it in a network namespace that has nothing but loopback, which must be this process's own. The hosts end with it. */
export async function openWorld({ folder, sizes, delay, profile }: WorldOptions): Promise<World> {
  const { signal } = new AbortController();
  const compiled = compiledFolder(folder);
  await build({
    entryPoints: ['hosts', 'floor', 'meter'].map((name) => fileURLToPath(new URL(`${name}.ts`, import.meta.url))),
    outdir: compiled,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: ['ssh2'],
  });
  const { generateKeyPairSync } = ssh2.utils;
  const [hostKey, login] = [sound(() => generateKeyPairSync('ed25519')), sound(() => generateKeyPairSync('ed25519'))];
  const at = (name: string): string => join(folder, name);
  await mkdir(at('home'));
  await writeFile(at('key'), login.private, { mode: 0o600 });
  await writeFile(at('known_hosts'), knownHosts(hostKey.public));
  await writeFile(at('ssh_config'), '');
  for (const size of sizes) await writeFile(at(`${size}.yaml`), inventory(size));
  await writeFile(at('recorded.yaml'), inventory(2));
  const recording = await record(await clusterOf(at('recorded.yaml')));
  const children: ChildProcess[] = [];
  for (const port of ports) {
    const order: HostsOrder = { port, hostKey: hostKey.private, authorized: login.public, delay, recording };
    await writeFile(at(`hosts-${port}.json`), JSON.stringify(order));
    const child = spawn(process.execPath, [join(compiled, 'hosts.mjs'), at(`hosts-${port}.json`)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    await started(child);
  }
  const environment = {
    HOME: at('home'),
    LVSCTL_SSH_CONFIG: at('ssh_config'),
    LVSCTL_KNOWN_HOSTS: at('known_hosts'),
    LVSCTL_IDENTITY: at('key'),
    LVSCTL_BENCH_METER: at('metered'),
    SSH_AUTH_SOCK: '',
  };
  const metered = async (words: readonly string[], terminal: boolean): Promise<Metered> => {
    const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
    const argv = [process.execPath, ...profiling, '--import', join(compiled, 'meter.mjs'), ...words];
    const shown = ['script', '-qec', argv.map((word) => `'${word}'`).join(' '), '/dev/null'];
    const { code, output } = await timed({ argv: terminal ? shown : argv, environment }, at('output'), signal);
    if (code !== 0)
      throw new BenchFailure(
        `a run does not count: exit code ${code}. The end of what it printed:\n${output.slice(-3000)}`,
      );
    return JSON.parse(await readFile(at('metered'), 'utf8')) as Metered;
  };
  return {
    plan: (hosts, terminal) =>
      metered([lvsctl, 'plan', '--exit-code', '-i', at(`${hosts}.yaml`), '--limit', 'web*'], terminal !== undefined),
    end() {
      for (const child of children) child.kill();
    },
    floor: (hosts) => metered([join(compiled, 'floor.mjs'), String(hosts), at('key')], false),
  };
}

/** A key that can be read: the generator of ssh2 loses a leading zero, one time in 256. */
function sound<K extends { readonly public: string }>(make: () => K): K {
  const key = make();
  return ssh2.utils.parseKey(key.public) instanceof Error ? sound(make) : key;
}

async function started(child: ChildProcess): Promise<void> {
  const said = once(child.stdout ?? child, 'data');
  const ended = once(child, 'exit').then(() => {
    throw new BenchFailure('a process of fake hosts ended at once');
  });
  await Promise.race([said, ended]);
  ended.catch(() => undefined);
}

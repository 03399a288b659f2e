import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadCluster } from '../../src/inventory/load.ts';
import { down, environment, labSpec, up, type ImageKind, type Lab, type System } from '../../src/lab/index.ts';

const root = join(import.meta.dirname, '..', '..');

/** The example that the tests deploy. */
export const example = join(root, 'inventories', 'dr.yaml');

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A lab of the example, a folder for files of the test, and lvsctl as a user runs it. */
export interface World {
  readonly lab: Lab;
  readonly folder: string;
  /** Runs the compiled lvsctl in the operator's network; `-i` names the example unless the arguments or `env` say otherwise. */
  lvsctl(args: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** Runs a line of sh on a host by plain ssh, over a connection that is kept for the next line; throws when it fails. */
  on(host: string, line: string): Promise<string>;
  /** Ends the kept connections to hosts that are about to lose them without a word. */
  hangUp(hosts: readonly string[]): Promise<void>;
  /** Runs a program in the operator's network. */
  run(argv: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** Writes a changed copy of the example into a folder of that name and gives its path. */
  variant(name: string, change: (text: string) => string): Promise<string>;
  /** Waits until the line succeeds on the host; throws after some seconds. */
  eventually(host: string, line: string, seconds?: number): Promise<void>;
  /** Reboots hosts, all at once, and waits until each has finished booting. */
  reboot(hosts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Boots the hosts of the example, or of another inventory, which `-i` then names; `systems` as labSpec has them. `hosts` names
 * those to start, if not all.
 */
export async function boot(
  image: ImageKind,
  inventory = example,
  systems?: ReadonlyMap<string, System>,
  hosts?: readonly string[],
): Promise<World> {
  if (!existsSync(join(root, 'dist', 'main.js'))) throw new Error('lvsctl is not compiled: npm run build');
  const loaded = await loadCluster(inventory, {});
  if (!loaded.ok) throw new Error(`${inventory} is not sound`);
  const folder = await mkdtemp(join(tmpdir(), 'lvsctl-e2e-'));
  const state = join(folder, 'lab');
  const lab = await up(labSpec(loaded.value, systems), { folder: state, image, hosts, onProgress: () => undefined });

  const run: World['run'] = (argv, env = {}) =>
    ended('ip', ['netns', 'exec', lab.namespace, ...argv], {
      ...process.env,
      NO_COLOR: '1',
      ...environment(lab),
      LVSCTL_INVENTORY: inventory,
      ...env,
    });
  // A login costs a lab's host half a second of a processor, a line over a kept connection a tenth of that.
  const kept = [
    'ControlMaster=auto',
    `ControlPath=${join(folder, '%n')}`,
    'ControlPersist=60',
    'ServerAliveInterval=5',
  ];
  const ssh = ['ssh', '-F', lab.layout.sshConfig, ...kept.flatMap((option) => ['-o', option])];
  const on: World['on'] = async (host, line) => {
    const { code, stdout, stderr } = await run([...ssh, host, line]);
    if (code !== 0) throw new Error(`${host}: ${line}: exit code ${code}: ${stderr}`);
    return stdout;
  };
  const eventually: World['eventually'] = async (host, line, seconds = 20) => {
    for (const end = Date.now() + seconds * 1000; ;) {
      const { code, stdout, stderr } = await run([...ssh, host, line]);
      if (code === 0) return;
      if (Date.now() > end) throw new Error(`${host}: not within ${seconds} s: ${line}: ${stdout}${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };
  const hangUp: World['hangUp'] = async (these) => {
    await Promise.all(these.map((host) => run([...ssh, '-O', 'exit', host])));
  };
  return {
    lab,
    folder,
    run,
    on,
    hangUp,
    eventually,
    lvsctl: (args, env) => run([process.execPath, join(root, 'dist', 'main.js'), ...args], env),
    async variant(name, change) {
      // Under the name of the example, which stands in every rendered file.
      await mkdir(join(folder, name), { recursive: true });
      const path = join(folder, name, basename(example));
      const text = await readFile(example, 'utf8');
      const changed = change(text);
      if (changed === text) throw new Error(`${name} is no different from the example`);
      await writeFile(path, changed);
      return path;
    },
    async reboot(hosts) {
      const boot = 'cat /proc/sys/kernel/random/boot_id';
      const before = await Promise.all(
        hosts.map((host) => on(host, `${boot}; (sleep 1; reboot) >/dev/null 2>&1 </dev/null &`)),
      );
      await hangUp(hosts);
      const again = (id = '') => `[ "$(${boot})" != "${id.trim()}" ] && systemctl is-active -q multi-user.target`;
      await Promise.all(hosts.map((host, index) => eventually(host, again(before[index]), 120)));
    },
    async close() {
      await hangUp(lab.hosts.map(({ name }) => name));
      await down(state);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Boots warm hosts of an inventory and applies it. */
export async function bootApplied(inventory: string): Promise<World> {
  const world = await boot('warm', inventory);
  const { code, stdout, stderr } = await world.lvsctl(['apply', '--yes']);
  if (code === 0) return world;
  await world.close();
  throw new Error(`apply: exit code ${code}: ${stdout}${stderr}`);
}

function ended(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (data: string) => (stdout += data));
    child.stderr.setEncoding('utf8').on('data', (data: string) => (stderr += data));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? -1, stdout, stderr });
    });
  });
}

import { createHash } from 'node:crypto';
import { quote } from '../../src/ssh/quote.ts';
import { main } from './program.ts';
import type { World } from '../e2e/support.ts';
import { hosts, type HostName } from './shop.ts';

/** Digest and mode of each managed file of a host by its path; `none`: it is not there. */
export type Files = ReadonlyMap<string, string>;
/** The files of all hosts. */
export type AllFiles = ReadonlyMap<HostName, Files>;

/** Seconds for a lock to be given back after its holder is gone: a watchdog's 45, and the undoing. */
const lockPatience = 180;

/** sh that waits until nobody holds the lock any more; where its keeper was killed, the next run takes it over. */
const unlocked = `left=${lockPatience * 2}; while { read -r _ && read -r keeper _; } 2>/dev/null </run/lvsctl/lock && [ -d "/proc/$keeper" ]; do left=$((left - 1)); [ $left -gt 0 ] || { echo 'the lock is not given back' >&2; exit 1; }; sleep 0.5; done`;

/** sh that prints what a run left behind that came to no end. */
const leftovers = [
  'echo --',
  'ls -d /run/lvsctl/lock* /var/lib/lvsctl/run-* 2>/dev/null',
  'find /etc /usr/local /srv /var/lib/lvsctl -xdev -name ".lvsctl.*" 2>/dev/null',
  'ls -d /run/systemd/transient/lvsctl-watchdog* 2>/dev/null',
  ':',
].join('; ');

/** How the hosts were found. */
export interface Found {
  readonly files: AllFiles;
  /** What a run left behind, a line for each host that has any of it. */
  readonly left: readonly string[];
}

/** Every path that lvsctl may write a file to in this run, by host; it grows as inventories are rendered. */
export class Paths {
  readonly #paths = new Map<HostName, Set<string>>(hosts.map((host) => [host, new Set()]));
  readonly #rendered = new Map<string, AllFiles>();

  /** Renders an inventory: how each file should be. */
  async render(world: World, inventory: string): Promise<AllFiles> {
    const known = this.#rendered.get(inventory);
    if (known) return known;
    const { code, stdout, stderr } = await world.run([process.execPath, main, 'render', '--json', '-i', inventory]);
    if (code !== 0) throw new Error(`render: ${stderr}`);
    const rendered = JSON.parse(stdout) as { host: HostName; path: string; mode: string; content: string }[];
    for (const { host, path } of rendered) this.#paths.get(host)?.add(path);
    const files = new Map(
      hosts.map((host) => [
        host,
        new Map(
          rendered
            .filter((one) => one.host === host)
            .map(({ path, mode, content }) => [path, `${digest(content)} ${mode.replace(/^0/, '')}`]),
        ),
      ]),
    );
    this.#rendered.set(inventory, files);
    return files;
  }

  /** Waits until none of some hosts is locked, and looks at them. */
  async look(world: World, which: readonly HostName[]): Promise<Found> {
    const looks = await Promise.all(
      which.map(async (host) => {
        const each = `for path in ${this.of(host).map(quote).join(' ')}; do [ ! -e "$path" ] || { sum=$(sha256sum <"$path"); echo "$path \${sum%% *} $(stat -c %a "$path")"; }; done`;
        const [files = '', left = ''] = (await world.on(host, `${unlocked}; ${each}; ${leftovers}`)).split('--\n');
        return { host, files: readFiles(files), left: left.trim() };
      }),
    );
    return {
      files: new Map(looks.map(({ host, files }) => [host, files])),
      left: looks.flatMap(({ host, left }) => (left === '' ? [] : [`left on ${host}: ${left.replaceAll('\n', ', ')}`])),
    };
  }

  /** The paths of a host. */
  of(host: HostName): readonly string[] {
    return [...(this.#paths.get(host) ?? [])];
  }
}

function readFiles(text: string): Files {
  return new Map(
    text.split('\n').flatMap((one): [string, string][] => {
      const [path = '', ...rest] = one.split(' ');
      return path === '' ? [] : [[path, rest.join(' ')]];
    }),
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Files that are neither as before nor as wished, `host:path` each. Pure. */
export function neither(paths: Paths, now: AllFiles, before: AllFiles, wished: AllFiles): string[] {
  return [...now.keys()].flatMap((host) =>
    paths.of(host).flatMap((path) => {
      const [is, was, will] = [now, before, wished].map((all) => all.get(host)?.get(path) ?? 'none');
      return is === was || is === will ? [] : [`${host}:${path}`];
    }),
  );
}

/** Files of a host that are not as they should be. Pure. */
export function different(paths: Paths, now: AllFiles, wished: AllFiles, host: HostName): string[] {
  return paths.of(host).flatMap((path) => {
    const [is, will] = [now, wished].map((all) => all.get(host)?.get(path) ?? 'none');
    return is === will ? [] : [`${host}:${path}`];
  });
}

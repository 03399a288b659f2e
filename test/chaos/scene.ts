import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poweroff, poweron } from '../../src/lab/index.ts';
import type { Stage } from '../../src/roles/role.ts';
import type { World } from '../e2e/support.ts';
import type { Excuse } from './client.ts';
import { Program } from './program.ts';
import type { Random } from './random.ts';
import { inventory, works, script, type HostName, type Login, type Shop } from './shop.ts';
import { watch, type Watcher } from './watcher.ts';

/** Milliseconds that a client waits for an answer: a request that was sent before a fault may be lost by it. */
const inFlight = 5000;

/**
 * Milliseconds from a host's silence to the last lost request, three times what the protocols promise: VRRP 3 * advert_int + skew,
 * 3.4 s; a real server's check interval + (retries + 1) * timeout + delay, 7 s.
 */
const bounds: Readonly<Partial<Record<HostName, number>>> = { lb1: 3 * 3400, web1: 3 * 7000, web2: 3 * 7000 };

/** Writes the inventory of a shop and gives its path. The name is always the same: it stands in every rendered file. */
export async function writeShop(world: World, shop: Shop, login: Login = {}): Promise<string> {
  const name = [...Object.values(shop), login.sudoOn ?? '', login.templates === undefined ? '' : 'templates'].join('-');
  const folder = join(world.folder, `shop-${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, script.name), script.text, { mode: 0o755 });
  const file = join(folder, 'chaos.yaml');
  await writeFile(file, inventory(shop, login));
  return file;
}

/** What a fault has at hand: a lab, a stage that is about to be, a host that has work in it. */
export class Scene {
  readonly world: World;
  readonly stage: Stage;
  readonly host: HostName;
  readonly random: Random;
  readonly wished: Shop;
  /** Times in which requests may be lost. */
  readonly excuses: Excuse[] = [];
  /** When the fault came, for people. */
  moment = '';

  constructor(parts: Pick<Scene, 'world' | 'stage' | 'host' | 'random' | 'wished'>) {
    this.world = parts.world;
    this.stage = parts.stage;
    this.host = parts.host;
    this.random = parts.random;
    this.wished = parts.wished;
  }

  /** The arguments that have lvsctl bring about what is wished, by this inventory, on the hosts that have work. */
  command(file: string): string[] {
    const { hosts } = works[this.stage];
    const what = this.stage === 'remove-packages' ? ['teardown', '--packages'] : ['apply'];
    return [...what, '--limit', hosts.join(','), '--yes', '-i', file];
  }

  /** Begins an apply of what is wished. */
  async start(login: Login = {}): Promise<Program> {
    return new Program(this.world.lab, this.command(await writeShop(this.world, this.wished, login)));
  }

  /** Begins to watch for the stage, and stops it for up to so many seconds in a step that the seed chose. */
  async watch(seconds: number): Promise<Watcher> {
    const watcher = await watch(this.world, this.host, this.stage, this.random.pick([0, 0, 1, 2]), seconds);
    return {
      held: watcher.held.then((where) => {
        this.moment = where;
        return where;
      }),
    };
  }

  /** Runs a line of sh on the host. */
  on(line: string): Promise<string> {
    return this.world.on(this.host, line);
  }

  /** Takes the host's power away, gives it back, and says since when; what is done meanwhile is that it boots. */
  async powerCut(): Promise<number> {
    this.silent();
    await this.world.hangUp([this.host]);
    await poweroff(this.world.lab, this.host);
    const since = Date.now();
    await poweron(this.world.lab, this.host);
    return since;
  }

  /** Waits until the host has booted. */
  async booted(since: number): Promise<void> {
    await this.world.eventually(this.host, 'systemctl is-active -q multi-user.target', 180);
    this.back(since);
  }

  /** Says that the host cannot serve from now on; requests may be lost until its peers have noticed. */
  silent(): void {
    const bound = bounds[this.host];
    if (bound !== undefined) this.excuses.push({ from: Date.now() - inFlight, until: Date.now() + bound });
  }

  /** Says that the host was given back at some time and serves again by now. */
  back(since: number): void {
    const bound = bounds[this.host];
    if (bound !== undefined) this.excuses.push({ from: since - inFlight, until: Date.now() + bound });
  }
}

/** Waits. */
export const seconds = (count: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, count * 1000);
  });

import type { Cluster, Host, RealServer, VirtualService } from '../inventory/cluster.ts';
import { standsBehind } from '../inventory/stands-behind.ts';
import { operator, type CheckContext, type Finding } from './check.ts';

/** The status of something that was looked at. */
export function judged(holds: boolean): Finding['status'] {
  return holds ? 'ok' : 'failed';
}

/** The hosts of a list that were observed, in its order. */
export function observed(context: CheckContext, names: readonly string[]): string[] {
  return names.filter((name) => context.observations.has(name));
}

/** Every VIP of the cluster, each once, in the order of the instances. */
export function allVips({ vrrp }: Cluster): string[] {
  return [...new Set(vrrp.flatMap(({ vips }) => vips.map(({ address }) => address)))];
}

/**
 * The directors that were seen to hold a VIP. An address on `lo` does not count: a director that is a real server as well has
 * it there whether it holds it or not.
 */
export function holdersOf(context: CheckContext, vip: string): string[] {
  return context.cluster.directors.filter((name) =>
    context.observations.get(name)?.facts.addresses.some((one) => one.address === vip && one.interface !== 'lo'),
  );
}

/** The only director seen to hold a VIP; undefined when there is none, or more than one. */
export function holderOf(context: CheckContext, vip: string): string | undefined {
  const [holder, ...others] = holdersOf(context, vip);
  return others.length === 0 ? holder : undefined;
}

/** The services that a host stands behind. */
export function servedBy({ services }: Cluster, host: string): VirtualService[] {
  return services.filter((service) => standsBehind(service, host));
}

/** The hosts that stand behind any service, in inventory order. */
export function realServerHosts(cluster: Cluster): Host[] {
  return cluster.hosts.filter(({ name }) => servedBy(cluster, name).length > 0);
}

/** Real servers that take new connections: weight 0 takes none. */
export function working(service: VirtualService): RealServer[] {
  return service.realServers.filter(({ weight }) => weight > 0);
}

/**
 * Whether what a place sends to a VIP goes through the network as a client's would. A director may hold the VIP and a real
 * server has it on `lo`: neither sees the cluster from outside.
 */
export function isOutside(cluster: Cluster, place: string, vip: string): boolean {
  if (place === operator) return true;
  if (cluster.directors.includes(place)) return false;
  return !servedBy(cluster, place).some((service) => service.vip === vip);
}

/**
 * How a scheduler deals out connections that a client makes one after the other: `even`, to all by weight; `load`, to the
 * least loaded, so that a busy server may rightly get none; `one`, all to the same (hashes, and those that fill one server
 * before they take the next).
 */
export type Spread = 'even' | 'load' | 'one';

const spreads: Readonly<Record<string, Spread>> = { rr: 'even', wrr: 'even', lc: 'load', wlc: 'load', twos: 'load' };

/**
 * See {@link Spread}. With persistence a client stays with one server, whatever the scheduler; a hash that the source port goes
 * into is as good as chance.
 */
export function spreadOf({ persistence, scheduler, schedulerFlags }: VirtualService): Spread {
  if (persistence !== undefined) return 'one';
  return spreads[scheduler] ?? (schedulerFlags.some((flag) => flag.endsWith('-port')) ? 'even' : 'one');
}

/** A server that is missed with a smaller chance than this is not missed by chance. */
const negligible = 0.001;

/**
 * How many connections it takes until a server that got none of them is broken beyond doubt. Traffic of others comes in
 * between ours, so that with `even` dealing each of ours is as good as drawn by weight.
 */
function connectionsNeeded(service: VirtualService, server: RealServer): number {
  const total = working(service).reduce((sum, { weight }) => sum + weight, 0);
  return connectionsUntilSure(server.weight / total);
}

/** How many connections it takes until a server with this share of them (0–1) that got none is broken beyond doubt. */
export function connectionsUntilSure(share: number): number {
  return share >= 1 ? 1 : Math.ceil(Math.log(negligible) / Math.log(1 - share));
}

/** What to make of servers that got none of `connections`, and why nothing else can be made of it. */
export function judgeMissed(
  service: VirtualService,
  missed: readonly RealServer[],
  connections: number,
): { readonly status: Finding['status']; readonly because: string } {
  if (missed.length === 0) return { status: 'ok', because: '' };
  switch (spreadOf(service)) {
    case 'one':
      return { status: 'ok', because: '' };
    case 'load':
      return {
        status: 'unknown',
        because: `${service.scheduler} prefers the least loaded, so that this proves nothing`,
      };
    case 'even': {
      const needed = Math.max(...missed.map((server) => connectionsNeeded(service, server)));
      if (connections >= needed) return { status: 'failed', because: '' };
      return { status: 'unknown', because: `${connections} connections are too few to tell, ${needed} would do` };
    }
  }
}

/** `a`, `a and b`, `a, b and c`; `none` for nothing. */
export function listed(words: readonly string[]): string {
  const [last = 'none', ...before] = [...words].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} and ${last}`;
}

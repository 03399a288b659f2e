import type { Cluster, VirtualService } from '../inventory/cluster.ts';
import { endOf, keyOf } from '../ipvs/desired.ts';
import {
  endName,
  parseCounters,
  parseTable,
  serviceName,
  type ServiceCounters,
  type TableService,
} from '../ipvs/table.ts';
import { readFacts, type Facts } from '../observe/facts.ts';
import type { Answer } from '../observe/frame.ts';
import { drainedSaid } from '../plan/drained.ts';

/** What the hosts said: their answers to the status sections, or why there are none. */
export type HostAnswer = { readonly answers: ReadonlyMap<string, Answer> } | { readonly trouble: string };

/** How a cluster is, as it was seen at one moment. */
export interface ClusterStatus {
  readonly cluster: string;
  readonly unreachable: readonly { readonly host: string; readonly detail: string }[];
  readonly vips: readonly { readonly vip: string; readonly instance: string; readonly holders: readonly string[] }[];
  readonly vrrp: readonly { readonly instance: string; readonly director: string; readonly state: VrrpState }[];
  readonly services: readonly ServiceStatus[];
  readonly syncDaemons: readonly { readonly director: string; readonly daemon: string }[];
  readonly mounts: readonly { readonly host: string; readonly path: string; readonly mounted: boolean }[];
  readonly drained: readonly string[];
}

/** `fault`: its NIC is down; `stopped`: keepalived does not run. */
export type VrrpState = 'master' | 'backup' | 'fault' | 'stopped' | 'unknown';

/** A service as the director that holds its VIP has it in its table. */
export interface ServiceStatus {
  readonly name: string;
  /** As the table names it: `10.77.0.100:80 TCP`. */
  readonly key: string;
  readonly scheduler: string;
  /** Undefined: no director could be asked for its table. */
  readonly director: string | undefined;
  readonly servers: readonly ServerStatus[];
}

/** A real server as it stands in the table, or does not. Rates are a second's. */
export interface ServerStatus {
  readonly host: string;
  readonly end: string;
  /** `out`: its check keeps it out of the table. */
  readonly state: 'in' | 'drained' | 'out';
  readonly weight: number;
  readonly active: number;
  readonly inactive: number;
  readonly connections: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Makes a status of what the hosts said. Pure. */
export function statusOf(cluster: Cluster, said: ReadonlyMap<string, HostAnswer>): ClusterStatus {
  const seen = new Map<string, Seen>();
  const unreachable: { host: string; detail: string }[] = [];
  for (const [host, answer] of said) {
    if ('trouble' in answer) unreachable.push({ host, detail: answer.trouble });
    else seen.set(host, read(answer.answers));
  }
  const directors = cluster.directors.filter((name) => seen.has(name));
  const holdersOf = (vip: string): string[] =>
    directors.filter((name) =>
      seen.get(name)?.facts.addresses.some((one) => one.address === vip && one.interface !== 'lo'),
    );
  const { names: drained } = drainedSaid(cluster, seen);
  return {
    cluster: cluster.name,
    unreachable,
    vips: cluster.vrrp.flatMap(({ name, vips }) =>
      vips.map(({ address }) => ({ vip: address, instance: name, holders: holdersOf(address) })),
    ),
    vrrp: cluster.vrrp.flatMap((instance) =>
      cluster.directors
        .filter((director) => said.has(director))
        .map((director) => {
          const its = seen.get(director);
          const holds = instance.vips.some(({ address }) => holdersOf(address).includes(director));
          return {
            instance: instance.name,
            director,
            state: its ? stateOf(its, holds, instance.interfaces[director]) : ('unknown' as const),
          };
        }),
    ),
    services: cluster.services.map((service) => {
      const director = holdersOf(service.vip)[0] ?? directors[0];
      return serviceStatus(service, director, director === undefined ? undefined : seen.get(director), drained);
    }),
    syncDaemons: directors.flatMap((director) =>
      (seen.get(director)?.daemons ?? []).map((daemon) => ({ director, daemon })),
    ),
    mounts: cluster.mounts.flatMap(({ path, hosts }) =>
      hosts
        .filter((host) => seen.has(host))
        .map((host) => ({ host, path, mounted: seen.get(host)?.mounted.has(path) ?? false })),
    ),
    drained,
  };
}

interface Seen {
  readonly facts: Facts;
  readonly table: readonly TableService[];
  readonly rates: readonly ServiceCounters[];
  readonly daemons: readonly string[];
  /** As {@link drainedSaid} reads it. */
  readonly drained: string;
  readonly down: ReadonlySet<string>;
  readonly keepalived: boolean;
  readonly mounted: ReadonlySet<string>;
}

function read(answers: ReadonlyMap<string, Answer>): Seen {
  const output = (name: string): string => answers.get(name)?.output ?? '';
  const table = parseTable(output('table'));
  const rates = parseCounters(output('rates'));
  return {
    facts: readFacts(output('facts')),
    table: table.ok ? table.value : [],
    rates: rates.ok ? rates.value : [],
    daemons: output('daemon')
      .split('\n')
      .filter((line) => line.trim() !== ''),
    drained: output('drained'),
    down: new Set([...output('links').matchAll(/^\d+: ([^\s:@]+)[^\n]* state DOWN /gm)].map(([, name = '']) => name)),
    keepalived: /^ActiveState=(active|reloading)$/m.test(output('keepalived')),
    mounted: new Set(
      output('mounts')
        .split('\n')
        .map((line) => line.split(' ')[1] ?? ''),
    ),
  };
}

function stateOf({ keepalived, down }: Seen, holds: boolean, nic: string | undefined): VrrpState {
  if (!keepalived) return 'stopped';
  if (holds) return 'master';
  return nic !== undefined && down.has(nic) ? 'fault' : 'backup';
}

function serviceStatus(
  service: VirtualService,
  director: string | undefined,
  seen: Seen | undefined,
  drained: readonly string[],
): ServiceStatus {
  const key = serviceName(keyOf(service));
  const live = seen?.table.find((one) => serviceName(one.key) === key);
  const rates = seen?.rates.find((one) => serviceName(one.key) === key);
  return {
    name: service.name,
    key,
    scheduler: live?.scheduler ?? service.scheduler,
    director,
    servers: service.realServers.map((server): ServerStatus => {
      const end = endName(endOf(service, server));
      const entry = live?.servers.find((one) => endName(one) === end);
      const rate = rates?.servers.find((one) => endName(one) === end);
      return {
        host: server.host,
        end,
        state: drained.includes(server.host) ? 'drained' : entry === undefined ? 'out' : 'in',
        weight: entry?.weight ?? 0,
        active: entry?.activeConnections ?? 0,
        inactive: entry?.inactiveConnections ?? 0,
        connections: rate?.connections ?? 0,
        bytesIn: rate?.bytesIn ?? 0,
        bytesOut: rate?.bytesOut ?? 0,
      };
    }),
  };
}

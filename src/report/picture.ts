import type { Cluster, VirtualService } from '../inventory/cluster.ts';
import { endName } from '../ipvs/table.ts';
import { operator } from '../verify/check.ts';
import { allVips, listed, realServerHosts } from '../verify/scope.ts';
import type { PoolSight, Sight } from '../verify/sight.ts';

/** How something in the picture is: `plain` where no state is known, or it has none. */
export type BoxState = 'good' | 'warn' | 'bad' | 'plain';

/** A thing in the picture. */
export interface Box {
  /** Unique in the picture. */
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly state: BoxState;
  /** The state in words; empty: none is known. */
  readonly says: string;
}

/** A way that packets or files take, from box to box. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly state: BoxState;
  /** `traffic` goes to the real servers, `files` come from an NFS server. */
  readonly kind: 'traffic' | 'files';
}

/** Boxes of one kind. */
export interface Lane {
  readonly title: string;
  readonly boxes: readonly Box[];
}

/** A cluster as boxes in lanes, from the clients to the storage, and the ways between them. */
export interface Picture {
  readonly title: string;
  /** Without empty ones. */
  readonly lanes: readonly Lane[];
  readonly links: readonly Link[];
}

/**
 * The picture of a cluster; with what was seen, every box has a state. Pure.
 *
 * @param sight undefined: the inventory alone, and the VIPs are where they are wished.
 */
export function pictureOf(cluster: Cluster, sight?: Sight): Picture {
  const lanes = [
    { title: 'Clients', boxes: clients(cluster) },
    { title: 'VIPs', boxes: vips(cluster, sight) },
    { title: 'Directors', boxes: directors(cluster, sight) },
    { title: 'Real servers', boxes: realServers(cluster, sight) },
    { title: 'Storage', boxes: storage(cluster, sight) },
  ];
  return {
    title: `The cluster ${cluster.name}`,
    lanes: lanes.filter(({ boxes }) => boxes.length > 0),
    links: [...toVips(cluster), ...toDirectors(cluster, sight), ...toServers(cluster, sight), ...files(cluster, sight)],
  };
}

const idOf = (kind: string, name: string): string => `${kind} ${name}`;

function addressOf({ hosts }: Cluster, name: string): string[] {
  return hosts.filter((host) => host.name === name).flatMap(({ addresses }) => addresses[0]?.address ?? []);
}

/** The places that requests are sent from: they stand for all clients. */
function clients(cluster: Cluster): Box[] {
  return cluster.verify.from.map((name) => ({
    id: idOf('client', name),
    title: name,
    lines: name === operator ? ['where lvsctl runs'] : addressOf(cluster, name),
    state: 'plain',
    says: '',
  }));
}

/** `www · TCP 80 · DR · wrr`. */
function serviceLine({ name, protocol, port, mark, forwarding, scheduler }: VirtualService): string {
  const ports =
    mark === undefined
      ? String(port)
      : mark.ports.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',');
  return `${name}: ${protocol} ${ports}, ${forwarding.mode}, ${scheduler}`;
}

function vips(cluster: Cluster, sight: Sight | undefined): Box[] {
  return allVips(cluster).map((vip) => {
    const holders = sight?.vips.find((one) => one.vip === vip)?.holders;
    const listeners = cluster.haproxy?.listeners.filter((one) => one.vip === vip) ?? [];
    return {
      id: idOf('vip', vip),
      title: vip,
      lines: [
        ...cluster.services.filter((one) => one.vip === vip).map(serviceLine),
        ...listeners.map(({ name, port, mode, balance }) => `${name}: ${mode} ${port}, ${balance}`),
      ],
      ...(holders === undefined
        ? { state: 'plain' as const, says: '' }
        : holders.length === 1
          ? { state: 'good' as const, says: `held by ${listed(holders)}` }
          : { state: 'bad' as const, says: holders.length === 0 ? 'held by nobody' : `held by ${listed(holders)}` }),
    };
  });
}

/** Whether a host was looked at, where anything was. */
function unseen(sight: Sight | undefined, name: string): boolean {
  return sight !== undefined && !sight.hosts.some((host) => host.name === name);
}

const notSeen = { state: 'bad', says: 'was not reached' } as const;

function directors(cluster: Cluster, sight: Sight | undefined): Box[] {
  return cluster.directors.map((name) => {
    const held = sight?.vips.filter(({ holders }) => holders.includes(name)).length ?? 0;
    const priorities = cluster.vrrp.map(
      ({ name: instance, priorities }) => `${instance}: priority ${priorities[name] ?? '?'}`,
    );
    return {
      id: idOf('host', name),
      title: name,
      lines: [...addressOf(cluster, name), ...priorities],
      ...(unseen(sight, name)
        ? notSeen
        : sight === undefined
          ? { state: 'plain' as const, says: '' }
          : held > 0
            ? { state: 'good' as const, says: `holds ${held === 1 ? 'a VIP' : `${held} VIPs`}` }
            : { state: 'plain' as const, says: 'stands by' }),
    };
  });
}

/** How the real servers of a host stand, the worst first. */
const grave: readonly PoolSight['state'][] = ['out', 'unknown', 'drained', 'in'];
const standings: Readonly<Record<PoolSight['state'], { readonly state: BoxState; readonly says: string }>> = {
  out: { state: 'bad', says: 'out of the table' },
  unknown: { state: 'warn', says: 'state not known' },
  drained: { state: 'warn', says: 'takes no new connections' },
  in: { state: 'good', says: 'in the table' },
};

function realServers(cluster: Cluster, sight: Sight | undefined): Box[] {
  const upstreams = cluster.haproxy?.listeners.flatMap(({ servers }) => servers.map(({ host }) => host)) ?? [];
  const direct = new Set([...realServerHosts(cluster).map(({ name }) => name), ...upstreams]);
  return cluster.hosts
    .filter(({ name }) => direct.has(name) && !cluster.directors.includes(name))
    .map(({ name }) => {
      const its = sight?.pools.filter(({ host }) => host === name) ?? [];
      const worst = grave.find((state) => its.some((one) => one.state === state));
      return {
        id: idOf('host', name),
        title: name,
        lines: [...addressOf(cluster, name), ...weights(cluster, name)],
        ...(unseen(sight, name)
          ? notSeen
          : worst === undefined
            ? { state: 'plain' as const, says: '' }
            : standings[worst]),
      };
    });
}

function weights({ services, haproxy }: Cluster, host: string): string[] {
  const own = services.flatMap(({ name, realServers: servers }) =>
    servers
      .filter((one) => one.host === host)
      .map(
        ({ address, port, weight }) =>
          `${name}: ${endName({ address, port }).replace(/^.*:/, 'port ')}, weight ${weight}`,
      ),
  );
  const behind = haproxy?.listeners.flatMap(({ name, servers }) =>
    servers.filter((one) => one.host === host).map(({ port, weight }) => `${name}: port ${port}, weight ${weight}`),
  );
  return [...own, ...(behind ?? [])];
}

function storage(cluster: Cluster, sight: Sight | undefined): Box[] {
  const servers = [
    ...new Set([...cluster.exports.map(({ host }) => host), ...cluster.mounts.map(({ server }) => server)]),
  ];
  return servers.map((name) => ({
    id: idOf('storage', name),
    title: name,
    lines: [
      ...addressOf(cluster, name),
      ...cluster.exports.filter(({ host }) => host === name).map(({ path }) => `exports ${path}`),
    ],
    ...(unseen(sight, name)
      ? notSeen
      : {
          state: sight === undefined ? ('plain' as const) : ('good' as const),
          says: sight === undefined ? '' : 'answers',
        }),
  }));
}

function toVips(cluster: Cluster): Link[] {
  return cluster.verify.from.flatMap((name) =>
    allVips(cluster).map((vip): Link => ({
      from: idOf('client', name),
      to: idOf('vip', vip),
      state: 'plain',
      kind: 'traffic',
    })),
  );
}

/** The directors that hold a VIP, or with nothing seen the one that is wished to. */
function holdersOf(cluster: Cluster, sight: Sight | undefined, vip: string): readonly string[] {
  const seen = sight?.vips.find((one) => one.vip === vip)?.holders;
  if (seen !== undefined) return seen;
  const instance = cluster.vrrp.find(({ vips: its }) => its.some(({ address }) => address === vip));
  const priority = (name: string): number => instance?.priorities[name] ?? 0;
  const [preferred] = [...cluster.directors].sort((a, b) => priority(b) - priority(a));
  return preferred === undefined ? [] : [preferred];
}

function toDirectors(cluster: Cluster, sight: Sight | undefined): Link[] {
  return allVips(cluster).flatMap((vip) => {
    const holders = holdersOf(cluster, sight, vip);
    const state: BoxState = sight === undefined ? 'plain' : holders.length === 1 ? 'good' : 'bad';
    return holders.map((name): Link => ({ from: idOf('vip', vip), to: idOf('host', name), state, kind: 'traffic' }));
  });
}

function toServers(cluster: Cluster, sight: Sight | undefined): Link[] {
  const ways = new Map<string, Link>();
  const add = (director: string, host: string, state: BoxState): void => {
    const link: Link = { from: idOf('host', director), to: idOf('host', host), state, kind: 'traffic' };
    const key = `${director} ${host}`;
    const before = ways.get(key);
    if (director !== host && (before === undefined || rank(state) > rank(before.state))) ways.set(key, link);
  };
  for (const { name, vip, realServers: servers } of cluster.services)
    for (const director of holdersOf(cluster, sight, vip))
      for (const { host } of servers) {
        const standing = sight?.pools.find((one) => one.service === name && one.host === host)?.state;
        add(director, host, standing === undefined ? 'plain' : standings[standing].state);
      }
  for (const { vip, servers } of cluster.haproxy?.listeners ?? [])
    for (const director of holdersOf(cluster, sight, vip)) for (const { host } of servers) add(director, host, 'plain');
  return [...ways.values()];
}

function rank(state: BoxState): number {
  return ['plain', 'good', 'warn', 'bad'].indexOf(state);
}

function files(cluster: Cluster, sight: Sight | undefined): Link[] {
  const pairs = cluster.mounts.flatMap(({ server, hosts }) => hosts.map((host) => ({ server, host })));
  const unique = new Map(pairs.map((pair) => [`${pair.server} ${pair.host}`, pair]));
  const shown = new Set(realServers(cluster, sight).map(({ id }) => id));
  return [...unique.values()]
    .filter(({ host }) => shown.has(idOf('host', host)))
    .map(({ server, host }) => ({
      from: idOf('host', host),
      to: idOf('storage', server),
      state: 'plain',
      kind: 'files',
    }));
}

/** The picture as sentences, for those who cannot see it: one a box, lane by lane. */
export function pictureWords({
  lanes,
  links,
}: Picture): { readonly title: string; readonly words: readonly string[] }[] {
  const names = new Map(lanes.flatMap(({ boxes }) => boxes.map(({ id, title }) => [id, title] as const)));
  return lanes.map(({ title, boxes }) => ({
    title,
    words: boxes.map((box) => {
      const to = (kind: Link['kind']): string[] =>
        links.filter((link) => link.from === box.id && link.kind === kind).flatMap((link) => names.get(link.to) ?? []);
      const [traffic, mounted] = [to('traffic'), to('files')];
      return [
        [box.title, ...box.lines].join(', '),
        ...(box.says === '' ? [] : [box.says]),
        ...(traffic.length === 0 ? [] : [`sends to ${listed(traffic)}`]),
        ...(mounted.length === 0 ? [] : [`has files from ${listed(mounted)}`]),
      ].join('; ');
    }),
  }));
}

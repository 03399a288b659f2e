import { readAddress } from '../address.ts';
import type { NfsClient, NfsExport, NfsMount, NfsOffer, NfsServerSettings, NfsVersion } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';

type Storage = NonNullable<Written['storage']>;

/** The NFS exports. */
export function resolveExports({ exports = {} }: Storage, context: Context): NfsExport[] {
  return Object.entries(exports).map(([key, written]) => {
    const source = ['storage', 'exports', key];
    const [host, path] = split(key);
    if (!context.index.positions.has(host)) context.selectOne(host, source);
    return {
      host,
      path,
      offers: resolveOffers(written, source, context),
    };
  });
}

type WrittenExport = NonNullable<Storage['exports']>[string];
type WrittenClients = WrittenExport['clients'][number];

/** The clients of an export: those with options of their own, and those that share the options of the export. */
function resolveOffers({ clients, options = [] }: WrittenExport, source: Path, context: Context): NfsOffer[] {
  const common = exportOptions(options, [...source, 'options'], context);
  const isPlain = (entry: WrittenClients): entry is string => typeof entry === 'string';
  const plain = clients.filter(isPlain);
  const offers = resolveClients(plain, [...source, 'clients'], context, plain.length === clients.length).map(
    (client) => ({
      client,
      options: common,
    }),
  );
  for (const [n, entry] of clients.entries()) {
    if (isPlain(entry)) continue;
    const path = [...source, 'clients', n];
    const own = entry.options === undefined ? common : exportOptions(entry.options, [...path, 'options'], context);
    for (const client of resolveClients(entry.clients, [...path, 'clients'], context, true))
      offers.push({ client, options: own });
  }
  const seen = new Set<string>();
  for (const { client } of offers) {
    const text = JSON.stringify(client);
    const name = client.type === 'host' ? client.host : 'a client';
    if (seen.has(text))
      context.report(
        'duplicate',
        [...source, 'clients'],
        `${name} is in these lists twice`,
        'exports(5) takes one entry for each',
      );
    seen.add(text);
  }
  return offers;
}

/** `listed`: entries are where the path says, so that a wrong one can be pointed at. */
function resolveClients(entries: readonly string[], path: Path, context: Context, listed: boolean): NfsClient[] {
  const patterns = entries.filter((entry) => entry !== '*' && !entry.startsWith('@') && !entry.includes('/'));
  const others = entries.flatMap((entry, n): NfsClient[] => {
    if (entry === '*') return [{ type: 'anyone' }];
    if (entry.startsWith('@')) return [{ type: 'netgroup', name: entry.slice(1) }];
    if (!entry.includes('/')) return [];
    const network = readAddress(entry);
    if (network.ok) return [{ type: 'network', ...network.value }];
    context.report('address', listed ? [...path, n] : path, network.error);
    return [];
  });
  const isPointed = listed && patterns.length === entries.length;
  const hosts = patterns.length === 0 ? [] : context.select(patterns, path, isPointed);
  return [...hosts.map((host): NfsClient => ({ type: 'host', host })), ...others];
}

/** What the NFS servers speak. */
export function resolveNfsServer({ server }: Storage): NfsServerSettings {
  const versions = server?.versions?.flatMap((version): NfsVersion[] => {
    if (version === 4) return ['4.0', '4.1', '4.2'];
    return [version === 3 ? '3' : version === 4.1 ? '4.1' : '4.2'];
  });
  return { versions: versions && [...new Set(versions)].sort(), threads: server?.threads };
}

/** The NFS mounts. */
export function resolveMounts({ mounts = {} }: Storage, context: Context): NfsMount[] {
  return Object.entries(mounts).map(([path, written]) => {
    const source = ['storage', 'mounts', path];
    if (path === '/')
      context.report('mount-path', source, 'nothing can be mounted on / of a running host', undefined, 'key');
    const [server, exported] = split(written.from);
    if (!context.index.positions.has(server)) context.selectOne(server, [...source, 'from']);
    return {
      path,
      server,
      export: exported,
      hosts: context.select(written.hosts, [...source, 'hosts']),
      options: [
        ...mountOptions(written.options ?? [], [...source, 'options'], context),
        ...automountOptions(written.automount),
      ],
    };
  });
}

/** Splits `HOST:/path`. */
function split(hostPath: string): [host: string, path: string] {
  const at = hostPath.indexOf(':');
  return [hostPath.slice(0, at), hostPath.slice(at + 1)];
}

/** exports(5): `ro` and `sync` are its defaults too; written out, so that nobody has to know them. */
function exportOptions(written: readonly string[], path: Path, context: Context): string[] {
  contradictions(
    written,
    [
      ['ro', 'rw'],
      ['sync', 'async'],
      ['subtree_check', 'no_subtree_check'],
      ['root_squash', 'no_root_squash'],
      ['all_squash', 'no_all_squash'],
      ['wdelay', 'no_wdelay'],
      ['secure', 'insecure'],
    ],
    path,
    context,
  );
  const has = (...names: string[]) => names.some((name) => written.includes(name));
  return [
    ...(has('ro', 'rw') ? [] : ['ro']),
    ...written,
    ...(has('sync', 'async') ? [] : ['sync']),
    ...(has('subtree_check', 'no_subtree_check') ? [] : ['no_subtree_check']),
  ];
}

/** nfs(5): hard, because soft can corrupt data; `_netdev` always, because the network comes first at boot. */
function mountOptions(written: readonly string[], path: Path, context: Context): string[] {
  contradictions(
    written,
    [
      ['ro', 'rw'],
      ['sync', 'async'],
      ['hard', 'soft'],
      ['hard', 'softerr'],
      ['soft', 'softerr'],
    ],
    path,
    context,
  );
  const has = (...names: string[]) => written.some((option) => names.includes(option.replace(/=.*$/, '')));
  return [
    ...(has('hard', 'soft', 'softerr') ? [] : ['hard']),
    ...(has('_netdev') ? [] : ['_netdev']),
    ...(has('nfsvers', 'vers') ? [] : ['nfsvers=4.2']),
    ...written,
  ];
}

/** systemd.mount(5): the generator of units makes an automount unit of them. */
function automountOptions(written: NonNullable<Storage['mounts']>[string]['automount']): string[] {
  if (written === undefined || written === false) return [];
  const idle = written === true ? 0 : (written.idle ?? 0);
  return ['x-systemd.automount', ...(idle > 0 ? [`x-systemd.idle-timeout=${idle}`] : [])];
}

function contradictions(
  written: readonly string[],
  pairs: readonly [string, string][],
  path: Path,
  context: Context,
): void {
  for (const [one, other] of pairs) {
    const at = Math.max(written.indexOf(one), written.indexOf(other));
    if (written.includes(one) && written.includes(other))
      context.report('options', [...path, at], `${one} and ${other} contradict each other`);
  }
  written.forEach((option, n) => {
    if (written.indexOf(option) < n) context.report('duplicate', [...path, n], `${option} is in this list twice`);
  });
}

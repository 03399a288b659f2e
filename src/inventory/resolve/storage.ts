import type { NfsExport, NfsMount } from '../cluster.ts';
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
      clients: context.select(written.clients, [...source, 'clients']),
      options: exportOptions(written.options ?? [], [...source, 'options'], context),
    };
  });
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
      options: mountOptions(written.options ?? [], [...source, 'options'], context),
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

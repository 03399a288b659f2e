import type { Cluster, NfsMount } from '../inventory/cluster.ts';
import type { Resource } from '../resources/index.ts';
import type { Role } from './role.ts';

/** A host that mounts folders by NFS. */
export const nfsClient: Role = {
  name: 'nfs-client',
  stage: 'real-servers',
  applies: (cluster, { name }) => cluster.mounts.some((one) => one.hosts.includes(name)),
  packages: ({ platform }) => platform.packages.nfsClient,
  resources: ({ cluster, host }) =>
    cluster.mounts
      .filter((one) => one.hosts.includes(host.name))
      .map((one): Resource => ({
        kind: 'mount',
        source: nfsSource(cluster, one),
        path: one.path,
        type: 'nfs',
        options: one.options,
      })),
};

/** `ADDRESS:/path` of what a mount takes from its server; an IPv6 address is bracketed, nfs(5). */
export function nfsSource(cluster: Cluster, one: NfsMount): string {
  const address = cluster.hosts.find((host) => host.name === one.server)?.addresses[0];
  if (address === undefined) throw new Error(`mount ${one.path}: ${one.server} has no address`);
  return `${address.family === 6 ? `[${address.address}]` : address.address}:${one.export}`;
}

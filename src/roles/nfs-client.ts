import { urlHost } from '../inventory/address.ts';
import { mountVersion } from '../inventory/nfs.ts';
import type { Cluster, Host, NfsMount } from '../inventory/cluster.ts';
import { meeting } from '../inventory/meeting.ts';
import type { Resource } from '../resources/index.ts';
import type { Role } from './role.ts';

/** A host that mounts folders by NFS. */
export const nfsClient: Role = {
  name: 'nfs-client',
  stage: 'real-servers',
  applies: (cluster, { name }) => mountsOf(cluster, name).length > 0,
  packages: ({ platform }) => platform.packages.nfsClient,
  resources: ({ cluster, host, platform }) => [
    // Locks of version 3 are kept by rpc.statd, which the server calls back by way of rpcbind: nfs(5).
    ...(mountsByVersion3(cluster, host) && !isServer(cluster, host)
      ? [
          {
            kind: 'service',
            unit: platform.units.rpcbind,
            reloadOn: [],
            restartOn: [],
            configuration: [],
            listens: [111],
          } as const,
        ]
      : []),
    ...mountsOf(cluster, host.name).map((one): Resource => ({
      kind: 'mount',
      source: nfsSource(cluster, one, host),
      path: one.path,
      type: 'nfs',
      options: one.options,
    })),
  ],
};

function mountsOf({ mounts }: Cluster, host: string): NfsMount[] {
  return mounts.filter(({ hosts }) => hosts.includes(host));
}

/** Whether a host mounts anything by version 3. */
export function mountsByVersion3(cluster: Cluster, { name }: Host): boolean {
  return mountsOf(cluster, name).some((one) => mountVersion(one) === '3');
}

/** A server with versions of its own has rpcbind from its role as one. */
function isServer({ exports, nfsServer }: Cluster, { name }: Host): boolean {
  return nfsServer.versions !== undefined && exports.some(({ host }) => host === name);
}

/** `ADDRESS:/path` of what a client takes from its server; an IPv6 address is bracketed, nfs(5). */
export function nfsSource(cluster: Cluster, one: NfsMount, client: Host): string {
  return `${urlHost(nfsServerAddress(cluster, one, client))}:${one.export}`;
}

/** The address by which a client reaches the server that it mounts a folder from. */
export function nfsServerAddress(cluster: Cluster, one: NfsMount, client: Host): string {
  const server = cluster.hosts.find((host) => host.name === one.server);
  const to = server && meeting(client, server)?.to;
  if (to === undefined)
    throw new Error(`mount ${one.path}: ${client.name} and ${one.server} have no addresses of one family`);
  return to.address;
}

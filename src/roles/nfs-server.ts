import type { Cluster, NfsExport } from '../inventory/cluster.ts';
import type { Resource } from '../resources/index.ts';
import type { Role } from './role.ts';
import { templateFile } from './settings.ts';

/** A host that exports folders by NFS. */
export const nfsServer: Role = {
  name: 'nfs-server',
  stage: 'storage',
  applies: (cluster, { name }) => cluster.exports.some((one) => one.host === name),
  packages: ({ platform }) => platform.packages.nfsServer,

  resources(context) {
    const { cluster, host, platform } = context;
    const exports = cluster.exports.filter((one) => one.host === host.name);
    const lines = exports.map((one) => ({
      path: one.path,
      options: one.options.join(','),
      clients: clientAddresses(cluster, one).map((address) => ({ address })),
    }));
    return [
      ...exports.map((one): Resource => ({ kind: 'directory', path: one.path, mode: undefined })),
      { kind: 'directory', path: '/etc/exports.d', mode: undefined },
      // A file of its own beside /etc/exports, which stays the administrator's: exports(5).
      templateFile(context, '/etc/exports.d/lvsctl.exports', 'exports', { exports: lines }, { then: 'exportfs -ra' }),
      {
        kind: 'service',
        unit: platform.units.nfsServer,
        reloadOn: [],
        restartOn: [],
        configuration: [],
      },
      ...exports.flatMap((one) =>
        clientAddresses(cluster, one).map((client): Resource => ({
          kind: 'export',
          path: one.path,
          client,
          options: one.options,
        })),
      ),
    ];
  },
};

/** The primary addresses of an export's clients. */
function clientAddresses(cluster: Cluster, { clients }: NfsExport): string[] {
  return cluster.hosts.flatMap((host) => {
    const address = host.addresses[0]?.address;
    return clients.includes(host.name) && address !== undefined ? [address] : [];
  });
}

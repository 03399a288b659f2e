import type { Cluster, Host, NfsClient, NfsExport } from '../inventory/cluster.ts';
import { meeting } from '../inventory/meeting.ts';
import type { Resource } from '../resources/index.ts';
import { ref } from '../resources/resource.ts';
import { mountsByVersion3 } from './nfs-client.ts';
import type { Role, RoleContext } from './role.ts';
import { templateFile } from './settings.ts';

const settingsFile = '/etc/nfs.conf.d/lvsctl.conf';

/** A host that exports folders by NFS. */
export const nfsServer: Role = {
  name: 'nfs-server',
  stage: 'storage',
  applies: (cluster, { name }) => cluster.exports.some((one) => one.host === name),
  packages: ({ platform }) => platform.packages.nfsServer,

  resources(context) {
    const { cluster, host, platform } = context;
    const exports = cluster.exports.filter((one) => one.host === host.name);
    const lines = exports.map((one) => ({ path: one.path, clients: clientsOf(cluster, host, one) }));
    const settings = settingsOf(context);
    return [
      ...exports.map((one): Resource => ({ kind: 'directory', path: one.path, mode: undefined })),
      { kind: 'directory', path: '/etc/exports.d', mode: undefined },
      // A file of its own beside /etc/exports, which stays the administrator's: exports(5).
      templateFile(context, '/etc/exports.d/lvsctl.exports', 'exports', { exports: lines }, { then: 'exportfs -ra' }),
      ...settings,
      ...portmapper(context),
      {
        kind: 'service',
        unit: platform.units.nfsServer,
        reloadOn: [],
        restartOn: settings.length === 0 ? [] : [ref('file', settingsFile)],
        configuration: [],
        listens: [2049],
      },
      ...exports.flatMap((one) =>
        clientsOf(cluster, host, one).map(({ name, offered }): Resource => ({
          kind: 'export',
          path: one.path,
          client: name,
          options: offered,
        })),
      ),
    ];
  },
};

/** Versions and threads in a file of its own beside nfs.conf(5). */
function settingsOf(context: RoleContext): Resource[] {
  const { versions, threads } = context.cluster.nfsServer;
  if (versions === undefined && threads === undefined) return [];
  const has = (version: string): boolean => versions?.some((one) => one.startsWith(version)) === true;
  const lines = ['3', '4', '4.0', '4.1', '4.2'].map((version) => ({ version, wished: has(version) ? 'y' : 'n' }));
  return [
    { kind: 'directory', path: '/etc/nfs.conf.d', mode: undefined },
    templateFile(context, settingsFile, 'nfs.conf', { threads, versions: versions && lines }),
  ];
}

/** Version 3 finds its helpers by rpcbind(8), version 4 needs none: then it is one port less that is open. */
function portmapper({ cluster, host, platform }: RoleContext): Resource[] {
  const { versions } = cluster.nfsServer;
  if (versions === undefined) return [];
  if (versions.includes('3') || mountsByVersion3(cluster, host))
    return [
      { kind: 'service', unit: platform.units.rpcbind, reloadOn: [], restartOn: [], configuration: [], listens: [111] },
    ];
  return platform.masked.rpcbind.map((unit): Resource => ({ kind: 'masked-unit', unit }));
}

/** The clients of an export as exports(5) writes them, each with its options. */
function clientsOf(
  { hosts }: Cluster,
  server: Host,
  { offers }: NfsExport,
): { readonly name: string; readonly options: string; readonly offered: readonly string[] }[] {
  return offers.flatMap(({ client, options }) => {
    const name = nameOf(client, server, hosts);
    return name === undefined ? [] : [{ name, options: options.join(','), offered: options }];
  });
}

function nameOf(client: NfsClient, server: Host, hosts: readonly Host[]): string | undefined {
  switch (client.type) {
    case 'host': {
      const host = hosts.find(({ name }) => name === client.host);
      return host && meeting(host, server)?.from.address;
    }
    case 'network':
      return `${client.address}/${client.prefix}`;
    case 'netgroup':
      return `@${client.name}`;
    case 'anyone':
      return '*';
  }
}

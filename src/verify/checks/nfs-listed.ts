import { exportOf, mountVersion } from '../../inventory/nfs.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import { nfsServerAddress } from '../../roles/nfs-client.ts';
import { printableLine } from '../../ssh/printable.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check, Finding } from '../check.ts';
import { judged, listed } from '../scope.ts';
import { inTime } from '../trial.ts';

/** Clients of version 3 are told by the server's mountd what it exports: showmount(8). Servers of version 4 alone do not answer it. */
export const nfsListed: Check = {
  name: 'nfs-listed',
  severity: 'warning',
  proves: 'NFS 3: the server tells its list of exports to each client',
  why: 'A mount of version 3 that is there goes on without rpcbind and mountd; the next one fails, at the reboot.',
  runs: 'each client of version 3: `showmount -e SERVER`',
  reads: 'the paths that are exported to it',
  mend: 'rpcbind and mountd have to run on the server and be let through by its firewall',

  section(round, where, { cluster, nonce }) {
    const servers = serversOf(cluster, where);
    if (round !== 'before' || servers.length === 0) return undefined;
    return {
      sh: servers
        .map(
          ({ address }, n) =>
            `printf '\\n${nonce} list ${n}\\n'; ${inTime} showmount --no-headers -e ${quote(address)} 2>&1`,
        )
        .join('\n'),
    };
  },

  judge: (evidence) =>
    [...evidence.observations.keys()].flatMap((where) => {
      const answer = evidence.answer('before', where, 'nfs-listed');
      if (!answer) return [];
      const parts = answer.output.split(new RegExp(`^${evidence.nonce} list \\d+$`, 'm')).slice(1);
      return serversOf(evidence.cluster, where).map(({ server, address, folders }, n): Finding => {
        const lines = (parts[n] ?? '').trim().split('\n');
        const offered = new Set(lines.map((line) => line.split(/\s+/)[0]));
        const missing = folders.filter((folder) => !offered.has(folder));
        return {
          check: 'nfs-listed',
          where,
          status: judged(missing.length === 0),
          title: `${server} lists what ${where} mounts by version 3`,
          expected: listed(folders),
          seen:
            missing.length === 0 ? 'so it does' : `${listed(missing)} missing: ${printableLine(lines.at(-1) ?? '')}`,
          look: `showmount -e ${quote(address)}`,
        };
      });
    }),
};

/** The servers that a host mounts from by version 3, and the exported folders. */
function serversOf(
  cluster: Cluster,
  client: string,
): { readonly server: string; readonly address: string; readonly folders: readonly string[] }[] {
  const host = cluster.hosts.find(({ name }) => name === client);
  if (host === undefined) return [];
  const servers = new Map<string, { server: string; address: string; folders: string[] }>();
  for (const mount of cluster.mounts.filter((one) => one.hosts.includes(client) && mountVersion(one) === '3')) {
    const address = nfsServerAddress(cluster, mount, host);
    const known = servers.get(mount.server) ?? { server: mount.server, address, folders: [] };
    known.folders.push(exportOf(cluster, mount.server, mount.export)?.path ?? mount.export);
    servers.set(mount.server, known);
  }
  return [...servers.values()];
}

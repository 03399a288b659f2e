import { mountVersion } from '../nfs.ts';
import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** A mount asks for a version of NFS that the servers are told to speak. */
export const nfsVersion: Rule = {
  name: 'nfs-version',
  why: 'a mount by a version that the server does not speak fails, and a client that boots waits for it',
  check(cluster, place) {
    const { versions } = cluster.nfsServer;
    if (versions === undefined) return [];
    return cluster.mounts.flatMap((mount) => {
      const wished = mountVersion(mount);
      if (wished === undefined || versions.some((one) => one === wished || one.startsWith(`${wished}.`))) return [];
      const at = place(['storage', 'mounts', mount.path, 'options']);
      const message = `${mount.path} asks for version ${wished}, and storage.server serves ${versions.join(', ')}`;
      return [
        problemAt(at, this.name, message, `add ${wished} to storage.server.versions, or mount with another nfsvers=`),
      ];
    });
  },
};

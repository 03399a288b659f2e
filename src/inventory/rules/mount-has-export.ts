import { problemAt } from '../problem.ts';
import { nearest } from '../spelling.ts';
import type { Rule } from './rule.ts';

/** What is mounted is exported, and to the hosts that mount it. */
export const mountHasExport: Rule = {
  name: 'mount-has-export',
  why: 'a mount that the server refuses leaves the client without its files, and its boot waiting',
  check(cluster, place) {
    const clients = new Map(
      cluster.exports.map(({ host, path, clients: names }) => [`${host}:${path}`, new Set(names)]),
    );
    return cluster.mounts.flatMap(({ path, server, export: exported, hosts }) => {
      const from = `${server}:${exported}`;
      const allowed = clients.get(from);
      if (allowed === undefined) {
        const near = nearest(from, clients.keys());
        const hint = near === undefined ? `add ${from} to storage.exports` : `did you mean "${near}"?`;
        return [problemAt(place(['storage', 'mounts', path, 'from']), this.name, `${from} is not exported`, hint)];
      }
      const refused = hosts.filter((host) => !allowed.has(host));
      if (refused.length === 0) return [];
      const names =
        refused.length > 5 ? `${refused.slice(0, 5).join(', ')} and ${refused.length - 5} more` : refused.join(', ');
      return [
        problemAt(
          place(['storage', 'mounts', path, 'hosts']),
          this.name,
          `${from} is not exported to ${names}`,
          'add them to the clients of the export',
        ),
      ];
    });
  },
};

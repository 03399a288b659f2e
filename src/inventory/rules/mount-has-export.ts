import { problemAt } from '../problem.ts';
import { exportOf, offerTo } from '../nfs.ts';
import { nearest } from '../spelling.ts';
import { hostsByName, type Rule } from './rule.ts';

/** What is mounted is exported, and to the hosts that mount it. */
export const mountHasExport: Rule = {
  name: 'mount-has-export',
  why: 'a mount that the server refuses leaves the client without its files, and its boot waiting',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    const known = cluster.exports.map(({ host, path }) => `${host}:${path}`);
    return cluster.mounts.flatMap(({ path, server, export: exported, hosts: clients }) => {
      const from = `${server}:${exported}`;
      const around = exportOf(cluster, server, exported);
      const to = hosts.get(server);
      if (around === undefined || to === undefined) {
        const near = nearest(from, known);
        const hint = near === undefined ? `add ${from} to storage.exports` : `did you mean "${near}"?`;
        return [problemAt(place(['storage', 'mounts', path, 'from']), this.name, `${from} is not exported`, hint)];
      }
      const refused = clients.filter((name) => {
        const host = hosts.get(name);
        return host === undefined || offerTo(host, to, around) === undefined;
      });
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

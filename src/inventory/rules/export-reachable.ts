import { meeting } from '../meeting.ts';
import { problemAt } from '../problem.ts';
import { hostsByName, type Rule } from './rule.ts';

/**
 * An export to hosts of the inventory that are all in other networks than the server. Routers may well join them; then the network of
 * the clients is written as the client, which says that this is meant.
 */
export const exportReachable: Rule = {
  name: 'export-reachable',
  why: 'an export whose clients are all in networks that the server is not in can be mounted by none of them, or through a router by accident',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    return cluster.exports.flatMap(({ host, path, offers }) => {
      const server = hosts.get(host);
      if (server === undefined) return [];
      const meets = offers.some(({ client }) => {
        if (client.type !== 'host') return true;
        const from = hosts.get(client.host);
        const met = from && meeting(from, server);
        // Another rule speaks of families.
        return met === undefined || met.direct;
      });
      if (meets) return [];
      const message = `none of the clients of ${host}:${path} is in a network of ${host}`;
      const hint =
        "correct the addresses or prefix lengths; if routers join them, write the clients' network: 10.0.0.0/24";
      return [problemAt(place(['storage', 'exports', `${host}:${path}`, 'clients']), this.name, message, hint)];
    });
  },
};

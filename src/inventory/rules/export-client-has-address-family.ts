import { problemAt } from '../problem.ts';
import { hostsByName, type Rule } from './rule.ts';

/** exports(5) names a client by its address; it comes from an address of the family it reaches the server by. */
export const exportClientHasAddressFamily: Rule = {
  name: 'export-client-has-address-family',
  why: "a client without an address of the server's family cannot reach it",
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    return cluster.exports.flatMap(({ host, path, offers }) => {
      const families = new Set(hosts.get(host)?.addresses.map(({ family }) => family));
      const apart = offers.flatMap(({ client }) => {
        if (client.type === 'network') return families.has(client.family) ? [] : [`${client.address}/${client.prefix}`];
        if (client.type !== 'host') return [];
        const own = hosts.get(client.host)?.addresses.some(({ family }) => families.has(family)) === true;
        return own ? [] : [client.host];
      });
      if (apart.length === 0) return [];
      const message = `${apart.slice(0, 5).join(', ')} and the server ${host} have no address of one family`;
      return [
        problemAt(
          place(['storage', 'exports', `${host}:${path}`, 'clients']),
          this.name,
          message,
          'give them an address6, or the server an IPv4 address',
        ),
      ];
    });
  },
};

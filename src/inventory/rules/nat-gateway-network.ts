import { inNetwork } from '../address.ts';
import { problemAt } from '../problem.ts';
import { hostsByName, type Rule } from './rule.ts';

/** A gateway is reached by ARP or ND: it is in a network of whoever uses it. */
export const natGatewayNetwork: Rule = {
  name: 'nat-gateway-network',
  why: 'answers that do not come back through the director have a source that the client never asked, and are dropped',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    return cluster.services.flatMap(({ name, forwarding, realServers }) => {
      if (forwarding.mode !== 'NAT') return [];
      const { gateway } = forwarding;
      return realServers.flatMap(({ host, address }, n) => {
        const own = hosts.get(host)?.addresses.find((one) => one.address === address);
        if (own === undefined || inNetwork(gateway, own)) return [];
        return [
          problemAt(
            place(['services', name, 'realServers', n]),
            this.name,
            `${host} (${address}/${own.prefix}) cannot reach the inner VIP ${gateway} of ${name}: it is in another network`,
            'give the host an address in the network of the inner VIP, or name an inner VIP in the network of the host',
          ),
        ];
      });
    });
  },
};

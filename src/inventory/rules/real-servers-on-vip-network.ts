import { inNetwork } from '../address.ts';
import { problemAt } from '../problem.ts';
import { hostsByName, type Rule } from './rule.ts';

/** Direct routing rewrites the MAC address only, so the real server must be on the same link (ipvsadm(8), `-g`). */
export const realServersOnVipNetwork: Rule = {
  name: 'real-servers-on-vip-network',
  why: 'with direct routing a real server behind a router never gets a packet',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    return cluster.services.flatMap(({ name, vip, forwarding, realServers }) => {
      if (forwarding.mode !== 'DR') return [];
      const networks = cluster.directors.flatMap((director) => {
        const host = hosts.get(director);
        return host?.addresses.filter((own) => inNetwork(vip, own)) ?? [];
      });
      if (networks.length === 0) return [];
      return realServers.flatMap(({ host, address }, n) => {
        if (networks.some((network) => inNetwork(address, network))) return [];
        const message = `${host} (${address}) is not in the network of the VIP ${vip}, as direct routing needs`;
        return [
          problemAt(
            place(['services', name, 'realServers', n]),
            this.name,
            message,
            'give it an address there, correct the prefix lengths, or use mode TUN',
          ),
        ];
      });
    });
  },
};

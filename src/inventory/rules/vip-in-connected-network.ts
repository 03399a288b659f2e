import { inNetwork } from '../address.ts';
import { problemAt } from '../problem.ts';
import { hostsByName, type Rule, vipsOf } from './rule.ts';

/** keepalived puts the VIP on the director's service interface; the router must find it there by ARP or ND. */
export const vipInConnectedNetwork: Rule = {
  name: 'vip-in-connected-network',
  why: 'a VIP outside the network of the directors is not answered for by anyone',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    return vipsOf(cluster).flatMap(({ vip, path }) => {
      const without = cluster.directors.flatMap((name) => {
        const host = hosts.get(name);
        const connected = host?.addresses.some((own) => own.interface === host.interface && inNetwork(vip, own));
        return host === undefined || connected ? [] : [`${name} (${host.interface})`];
      });
      if (without.length === 0) return [];
      return [
        problemAt(
          place(path),
          this.name,
          `the VIP ${vip} is in no network of ${without.join(', ')}`,
          'check the VIP, the prefix length of the directors and their interface',
        ),
      ];
    });
  },
};

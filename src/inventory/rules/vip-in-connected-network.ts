import { inNetwork } from '../address.ts';
import { problemAt } from '../problem.ts';
import { hostsByName, type Rule, vipsOf } from './rule.ts';

/** keepalived puts the VIP on a NIC of the director; the router must find it there by ARP or ND. */
export const vipInConnectedNetwork: Rule = {
  name: 'vip-in-connected-network',
  why: 'a VIP outside the network of the directors is not answered for by anyone',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    const carried = new Map(cluster.vrrp.flatMap(({ vips }) => vips.map((vip) => [vip.address, vip] as const)));
    return vipsOf(cluster).flatMap(({ vip, path }) => {
      const without = cluster.directors.flatMap((name) => {
        const host = hosts.get(name);
        if (host === undefined) return [];
        const nic = carried.get(vip)?.interfaces[name] ?? host.interface;
        const own = host.addresses.filter((one) => one.interface === nic);
        // A NIC without any is a mistake of its own: see vrrp-interface.
        return own.length === 0 || own.some((one) => inNetwork(vip, one)) ? [] : [`${name} (${nic})`];
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

import { problemAt } from '../problem.ts';
import { hostsByName, type Rule } from './rule.ts';

/** Devices that the kernel's tunnel modules bring along. */
const brought = new Set(['tunl0', 'gre0', 'gretap0', 'erspan0', 'sit0', 'ip6tnl0', 'ip6gre0', 'ip_vti0', 'ip6_vti0']);

/** A dummy device is made under its name, which nothing else may have. */
export const vipDeviceFree: Rule = {
  name: 'vip-device-free',
  why: 'a VIP on a NIC is answered for by ARP, and the real server takes the traffic away from the director',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    return cluster.services.flatMap(({ name, forwarding, realServers }) => {
      if (forwarding.mode !== 'DR' || forwarding.device === 'lo') return [];
      const { device } = forwarding;
      const taken = realServers.find(({ host }) => {
        const its = hosts.get(host);
        return its?.interface === device || its?.addresses.some((one) => one.interface === device);
      });
      if (taken === undefined && !brought.has(device)) return [];
      const message =
        taken === undefined ? `${device} is the device of a tunnel module` : `${device} is a NIC of ${taken.host}`;
      const hint = 'name a dummy device that is made for the VIP, such as dummy0, or take device out: lo';
      return [problemAt(place(['services', name, 'device']), this.name, message, hint)];
    });
  },
};

import { inNetwork } from '../address.ts';
import type { Cluster, HostAddress, VrrpInstance } from '../cluster.ts';
import { problemAt } from '../problem.ts';
import { hostsByName, type Rule } from './rule.ts';

/** keepalived.conf(5): a virtual_router_id belongs to one instance of a family on a network. */
export const vridUnique: Rule = {
  name: 'vrid-unique',
  why: "instances with one VRID take each other's adverts for their own, and both or neither become master",
  check(cluster, place) {
    const meet = networks(cluster);
    return cluster.vrrp.flatMap((instance, n) => {
      const { name, vrid, family } = instance;
      const other = cluster.vrrp
        .slice(0, n)
        .find((one) => one.vrid === vrid && one.family === family && meet(one, instance));
      if (other === undefined) return [];
      return [
        problemAt(
          place(['vrrp', name, 'vrid']),
          this.name,
          `VRID ${vrid} of ${name} is that of ${other.name} too`,
          'on one network each instance needs one of its own',
        ),
      ];
    });
  },
};

/** Whether two instances are on one NIC, or on NICs of one network. */
function networks(cluster: Cluster): (one: VrrpInstance, other: VrrpInstance) => boolean {
  const hosts = hostsByName(cluster);
  const on = ({ interfaces }: VrrpInstance, director: string): readonly HostAddress[] =>
    hosts.get(director)?.addresses.filter((own) => own.interface === interfaces[director]) ?? [];
  return (one, other) =>
    cluster.directors.some(
      (director) =>
        one.interfaces[director] === other.interfaces[director] ||
        on(one, director).some((a) => on(other, director).some((b) => inNetwork(a.address, b))),
    );
}

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5): a virtual_router_id belongs to one instance on a network. */
export const vridUnique: Rule = {
  name: 'vrid-unique',
  why: "instances with one VRID take each other's adverts for their own, and both or neither become master",
  check(cluster, place) {
    const first = new Map<number, string>();
    return cluster.vrrp.flatMap(({ name, vrid }) => {
      const other = first.get(vrid);
      if (other === undefined) first.set(vrid, name);
      if (other === undefined) return [];
      return [
        problemAt(
          place(['vrrp', name, 'vrid']),
          this.name,
          `VRID ${vrid} of ${name} is that of ${other} too`,
          'each instance needs one of its own',
        ),
      ];
    });
  },
};

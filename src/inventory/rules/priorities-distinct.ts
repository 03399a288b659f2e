import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5): with equal priorities the higher address wins, which nobody means. */
export const prioritiesDistinct: Rule = {
  name: 'priorities-distinct',
  why: 'directors of equal priority can both become master after a partition',
  check(cluster, place) {
    return cluster.vrrp.flatMap(({ name, priorities }) => {
      const first = new Map<number, string>();
      return Object.entries(priorities).flatMap(([host, priority]) => {
        const other = first.get(priority);
        if (other === undefined) first.set(priority, host);
        if (other === undefined) return [];
        return [
          problemAt(
            place(['vrrp', name, 'priorities', host]),
            this.name,
            `${host} and ${other} both have priority ${priority} in ${name}`,
          ),
        ];
      });
    });
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ipvsadm(8): a virtual service is its protocol, address and port. */
export const serviceUnique: Rule = {
  name: 'two-services-one-vip-port',
  why: 'the kernel holds one virtual service for a protocol, VIP and port; the second replaces the first',
  check(cluster, place) {
    const first = new Map<string, string>();
    return cluster.services.flatMap(({ name, protocol, vip, port }) => {
      const key = `${protocol} ${vip} ${port}`;
      const other = first.get(key);
      if (other === undefined) first.set(key, name);
      if (other === undefined) return [];
      return [
        problemAt(
          place(['services', name, 'port']),
          this.name,
          `${name} is ${protocol} port ${port} of ${vip}, and so is ${other}`,
        ),
      ];
    });
  },
};

import type { PortRange, VirtualService } from '../cluster.ts';
import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ipvsadm(8): a virtual service is its protocol, address and port; one by a mark is found before it. */
export const serviceUnique: Rule = {
  name: 'two-services-one-vip-port',
  why: 'the kernel holds one virtual service for a protocol, VIP and port; the second replaces the first',
  check(cluster, place) {
    const seen = new Map<string, { name: string; range: PortRange }[]>();
    return cluster.services.flatMap((service) => {
      const { name, protocol, vip, mark } = service;
      const others = seen.get(`${protocol} ${vip}`) ?? [];
      const ranges = portsOf(service);
      seen.set(`${protocol} ${vip}`, [...others, ...ranges.map((range) => ({ name, range }))]);
      for (const { first, last } of ranges) {
        const other = others.find(({ range }) => range.first <= last && first <= range.last);
        if (other === undefined) continue;
        const port = Math.max(first, other.range.first);
        const at = place(['services', name, mark === undefined ? 'port' : 'ports']);
        return [problemAt(at, this.name, `${name} is ${protocol} port ${port} of ${vip}, and so is ${other.name}`)];
      }
      return [];
    });
  },
};

function portsOf({ port, mark }: VirtualService): readonly PortRange[] {
  return mark?.ports ?? [{ first: port, last: port }];
}

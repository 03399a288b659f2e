import { problemAt } from '../problem.ts';
import { type Rule, vipsOf } from './rule.ts';

/** keepalived.conf(5) virtual_ipaddress: an address belongs to one instance. */
export const vipInAnInstance: Rule = {
  name: 'vip-in-an-instance',
  why: 'a VIP in no instance is on no director, and one in two instances can be on two',
  check(cluster, place) {
    const carrier = new Map<string, string>();
    const twice = cluster.vrrp.flatMap(({ name, vips }) =>
      vips.flatMap(({ address: vip }, n) => {
        const other = carrier.get(vip);
        if (other === undefined) carrier.set(vip, name);
        if (other === undefined) return [];
        return [
          problemAt(
            place(['vrrp', name, 'vips', n]),
            this.name,
            `${vip} is a VIP of ${other} and of ${name}`,
            'take it out of one of them',
          ),
        ];
      }),
    );
    const nowhere = vipsOf(cluster)
      .filter(({ vip }) => !carrier.has(vip))
      .map(({ vip, path }) =>
        problemAt(
          place(path),
          this.name,
          `the VIP ${vip} is in no VRRP instance`,
          `add it to the vips of ${cluster.vrrp[0]?.name ?? 'one'}`,
        ),
      );
    return [...twice, ...nowhere];
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ip-address(8) label: IPv4 addresses alone have one. */
export const vipLabel: Rule = {
  name: 'vip-label',
  why: 'keepalived ignores a label of an IPv6 address',
  check(cluster, place) {
    return cluster.vrrp.flatMap(({ name, family, vips }) =>
      vips.flatMap(({ address, label }, n) => {
        if (family === 4 || label === undefined) return [];
        const at = place(['vrrp', name, 'vips', n, 'label']);
        return [problemAt(at, this.name, `${address} is IPv6, where addresses have no labels`, 'take label out')];
      }),
    );
  },
};

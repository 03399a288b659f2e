import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ip-rule(8): a rule is one of IPv4 or one of IPv6. */
export const virtualRuleFamily: Rule = {
  name: 'virtual-rule-family',
  why: 'a rule between families is none: keepalived drops it',
  check(cluster, place) {
    return cluster.vrrp.flatMap(({ name, rules }) =>
      rules.flatMap(({ from, to }, n) => {
        if (from === undefined || to === undefined || from.includes(':') === to.includes(':')) return [];
        const message = `a rule of ${name} mixes IPv4 and IPv6: ${from}, ${to}`;
        return [problemAt(place(['vrrp', name, 'rules', n]), this.name, message, 'write a rule for each family')];
      }),
    );
  },
};

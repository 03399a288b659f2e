import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) preempt_delay: "if not disabled by nopreempt". */
export const preemptDelay: Rule = {
  name: 'preempt-delay',
  why: 'a delay of what never happens is a mistake in one of the two, and keepalived drops the delay',
  check(cluster, place) {
    return cluster.vrrp
      .filter((instance) => !instance.preempt && instance.preemptDelay > 0)
      .map(({ name }) =>
        problemAt(
          place(['vrrp', name, 'preemptDelay']),
          this.name,
          `${name} never preempts, so there is nothing to delay`,
          'take preemptDelay out, or preempt: false',
        ),
      );
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) nopreempt: it works only where no director starts as MASTER; keepalived drops it otherwise. */
export const nopreemptState: Rule = {
  name: 'nopreempt-state',
  why: 'a director that starts as MASTER takes the VIPs over at once, whatever preempt says',
  check(cluster, place) {
    return cluster.vrrp
      .filter(({ state, preempt, preemptDelay }) => state === 'MASTER' && (!preempt || preemptDelay > 0))
      .map(({ name, preempt }) =>
        problemAt(
          place(['vrrp', name, 'state']),
          this.name,
          `${name} starts as MASTER, so that ${preempt ? 'preemptDelay' : 'preempt: false'} would have no effect`,
          'take state out: the director of the highest priority becomes master all the same',
        ),
      );
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** The schema bounds what is written; the numbers dealt out by default may run past the end. */
export const vridRange: Rule = {
  name: 'vrid-range',
  why: 'a VRID is one byte, and 0 is not allowed (RFC 5798, 5.2.3)',
  check(cluster, place) {
    return cluster.vrrp
      .filter(({ vrid }) => vrid < 1 || vrid > 255)
      .map(({ name }) =>
        problemAt(
          place(['vrrp', name]),
          this.name,
          `no VRID from 51 to 255 is left for ${name}`,
          'write vrid: with a free number below 51',
        ),
      );
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** RFC 3768 has no IPv6. keepalived uses version 3 there without a word. */
export const vrrpVersionFamily: Rule = {
  name: 'vrrp-version-family',
  why: 'an instance that carries IPv6 runs version 3, whatever its configuration says',
  check(cluster, place) {
    return cluster.vrrp
      .filter(({ family, version }) => family === 6 && version === 2)
      .map(({ name }) =>
        problemAt(
          place(['vrrp', name, 'version']),
          this.name,
          `${name} carries IPv6, which VRRP version 2 does not know`,
          'take version out',
        ),
      );
  },
};

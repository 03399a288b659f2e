import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** VRRP version 3, which IPv6 and fractions of a second need, has no authentication (RFC 5798, 9). */
export const authPassVersion: Rule = {
  name: 'auth-pass-version',
  why: 'a password for adverts of version 3 protects nothing, and looks as if it did',
  check(cluster, place) {
    return cluster.vrrp
      .filter(({ version, authPass }) => version === 3 && authPass !== undefined)
      .map(({ name, family }) =>
        problemAt(
          place(['vrrp', name, 'authPass']),
          this.name,
          `${name} ${family === 6 ? 'carries IPv6, where' : 'runs version 3, in which'} VRRP has no passwords`,
          'take authPass out',
        ),
      );
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** VRRP version 3, which IPv6 needs, has no authentication (RFC 5798, 9). */
export const authPassFamily: Rule = {
  name: 'auth-pass-family',
  why: 'a password for IPv6 adverts protects nothing, and looks as if it did',
  check(cluster, place) {
    return cluster.vrrp
      .filter(({ family, authPass }) => family === 6 && authPass !== undefined)
      .map(({ name }) =>
        problemAt(
          place(['vrrp', name, 'authPass']),
          this.name,
          `${name} carries IPv6, where VRRP has no passwords`,
          'take authPass out',
        ),
      );
  },
};

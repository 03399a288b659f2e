import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) auth_pass: only the first eight characters are used. */
export const authPassLength: Rule = {
  name: 'auth-pass-length',
  why: 'keepalived cuts the password after eight characters, and breaks its file at a blank or a quote',
  check(cluster, place) {
    return cluster.vrrp.flatMap(({ name, authPass }) => {
      if (authPass === undefined) return [];
      const secret = authPass.reveal();
      const at = place(['vrrp', name, 'authPass']);
      const from = `the password of ${name} (${authPass.source})`;
      if (secret === '')
        return [problemAt(at, this.name, `${from} is empty`, 'write 1 to 8 characters, or take authPass out')];
      if (secret.length > 8) {
        return [
          problemAt(
            at,
            this.name,
            `${from} is ${secret.length} characters long, and keepalived uses the first 8 only`,
            'write 1 to 8 characters',
          ),
        ];
      }
      if (/^[A-Za-z0-9._:,+=/@%^*-]+$/.test(secret)) return [];
      return [
        problemAt(
          at,
          this.name,
          `${from} holds a character that keepalived.conf gives a meaning`,
          'use letters, digits and ._:,+=/@%^*-',
        ),
      ];
    });
  },
};

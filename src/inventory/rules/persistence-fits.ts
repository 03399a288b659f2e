import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ipvsadm(8) `-M` and `--pe`. */
export const persistenceFits: Rule = {
  name: 'persistence-fits',
  why: 'a mask longer than an address is refused by the kernel, and the engine sip finds no Call-ID outside of UDP',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, family, protocol, persistence }) => {
      if (persistence === undefined) return [];
      const at = (key: string) => place(['services', name, 'persistence', key]);
      const most = family === 4 ? 32 : 128;
      return [
        ...(persistence.granularity > most
          ? [
              problemAt(
                at('granularity'),
                this.name,
                `${persistence.granularity} bits are more than an IPv${family} address has`,
                `write 1 to ${most}`,
              ),
            ]
          : []),
        ...(persistence.engine === 'sip' && protocol !== 'UDP'
          ? [
              problemAt(
                at('engine'),
                this.name,
                `the engine sip reads SIP over UDP, and ${name} is ${protocol}`,
                'write protocol: UDP, or take the engine out',
              ),
            ]
          : []),
      ];
    });
  },
};

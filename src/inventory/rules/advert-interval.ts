import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** RFC 5798, 5.2.7: version 3 counts hundredths of a second in 12 bits; RFC 3768, 5.3.7: version 2 counts seconds. */
export const advertInterval: Rule = {
  name: 'advert-interval',
  why: 'keepalived rounds an interval that the version cannot say, and the directors wait longer than meant',
  check(cluster, place) {
    return cluster.vrrp.flatMap((instance) => {
      const { name, version, advertInterval: seconds } = instance;
      const at = place(['vrrp', name, 'interval']);
      if (version === 2) {
        if (Number.isInteger(seconds)) return [];
        const message = `VRRP version 2 counts whole seconds, and the interval of ${name} is ${seconds}`;
        return [problemAt(at, this.name, message, 'write version: 3, or take version out')];
      }
      if (seconds > 40.95) {
        const message = `VRRP version 3 has intervals up to 40.95 seconds, and that of ${name} is ${seconds}`;
        return [problemAt(at, this.name, message, 'write a smaller one')];
      }
      if (Math.abs(seconds * 100 - Math.round(seconds * 100)) < 1e-6) return [];
      const message = `VRRP version 3 counts hundredths of a second, and the interval of ${name} is ${seconds}`;
      return [problemAt(at, this.name, message, `write ${Math.round(seconds * 100) / 100}`)];
    });
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) unicast_peer: adverts go from the address of one director to those of the others. */
export const unicastPeers: Rule = {
  name: 'unicast-peers',
  why: 'without an address to send from or to, a director hears nobody and becomes master beside the others',
  check(cluster, place) {
    return cluster.vrrp.flatMap(({ name, family, interfaces, unicast }) => {
      if (unicast === undefined) return [];
      const at = place(['vrrp', name, 'unicast']);
      if (cluster.directors.length < 2) {
        const message = `${name} sends its adverts to the other directors, and there are none`;
        return [problemAt(at, this.name, message, 'take unicast out, or name another director')];
      }
      const without = Object.entries(unicast.addresses).filter(([, address]) => address === '');
      return without.map(([director]) =>
        problemAt(
          at,
          this.name,
          `${director} has no IPv${family} address on ${interfaces[director] ?? ''} to send the adverts of ${name} from`,
          'write its address in the inventory, or another interface: for the instance',
        ),
      );
    });
  },
};

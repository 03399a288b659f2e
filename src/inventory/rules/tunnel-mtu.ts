import { innerMtu, overheadOf } from '../../forwarding/tunnel.ts';
import type { Family } from '../cluster.ts';
import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** The packet that every host takes (RFC 791) and the one that every IPv6 link carries (RFC 8200, 5). */
const least: Readonly<Record<Family, number>> = { 4: 576, 6: 1_280 };

/** What is left inside a tunnel carries the smallest packet that has to be carried. */
export const tunnelMtu: Rule = {
  name: 'tunnel-mtu',
  why: 'requests that are larger than what the tunnel carries vanish, and the connection stalls',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, family, forwarding }) => {
      if (forwarding.mode !== 'TUN' || innerMtu(forwarding) >= least[family]) return [];
      const { tunnel, mtu } = forwarding;
      const overhead = overheadOf(forwarding);
      const message = `${mtu} bytes leave ${mtu - overhead} inside the ${tunnel.type} tunnel of ${name}, and IPv${family} needs ${least[family]}`;
      const hint = `the links to the real servers must carry ${least[family] + overhead} bytes: write the mtu they have`;
      return [problemAt(place(['services', name, 'mtu']), this.name, message, hint)];
    });
  },
};

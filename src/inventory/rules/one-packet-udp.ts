import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ipvsadm(8) `--ops`. */
export const onePacketUdp: Rule = {
  name: 'one-packet-udp',
  why: 'packets of one connection that go to several real servers are a connection to none of them',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, protocol, onePacket, persistence }) => {
      if (!onePacket) return [];
      const at = place(['services', name, 'onePacket']);
      if (protocol !== 'UDP')
        return [problemAt(at, this.name, `onePacket is for UDP, and ${name} is ${protocol}`, 'take onePacket out')];
      if (persistence === undefined) return [];
      const message = `onePacket schedules each datagram by itself, and persistence keeps the client of ${name} with one server`;
      return [problemAt(at, this.name, message, 'take one of the two out')];
    });
  },
};

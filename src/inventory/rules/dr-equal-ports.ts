import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** Direct routing and tunnels pass packets on unchanged, port included (ipvsadm(8), `-r`). */
export const drEqualPorts: Rule = {
  name: 'dr-equal-ports',
  why: 'with direct routing or a tunnel a real server on another port never sees a connection: it is reset',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, port, forwarding, realServers }) => {
      if (forwarding.mode === 'NAT') return [];
      const means = forwarding.mode === 'DR' ? 'direct routing' : 'a tunnel';
      return realServers.flatMap((server, n) => {
        if (server.port === port) return [];
        const message = `${server.host} listens on port ${server.port}, but ${means} keeps the port ${port} of ${name}`;
        return [
          problemAt(
            place(['services', name, 'realServers', n, 'port']),
            this.name,
            message,
            `let it listen on ${port}, and take the port out; mode NAT could map it`,
          ),
        ];
      });
    });
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** Direct routing passes packets on unchanged, port included (ipvsadm(8), `-g`). */
export const drEqualPorts: Rule = {
  name: 'dr-equal-ports',
  why: 'with direct routing a real server on another port never sees a connection: it is reset',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, port, realServers }) =>
      realServers.flatMap((server, n) => {
        if (server.port === port) return [];
        const message = `${server.host} listens on port ${server.port}, but direct routing keeps the port ${port} of ${name}`;
        return [
          problemAt(
            place(['services', name, 'realServers', n, 'port']),
            this.name,
            message,
            `let it listen on ${port}, and take the port out`,
          ),
        ];
      }),
    );
  },
};

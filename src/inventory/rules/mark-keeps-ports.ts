import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ipvsadm(8) `-r`: a real server of a marked service gets packets on the port that the client asked for. */
export const markKeepsPorts: Rule = {
  name: 'mark-keeps-ports',
  why: 'a service of several ports has no port of its own that another one could stand for',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, mark, port, forwarding, realServers }) => {
      // The other modes keep every port, which another rule says.
      if (mark === undefined || forwarding.mode !== 'NAT') return [];
      return realServers.flatMap((server, n) => {
        if (server.port === port) return [];
        const at = place(['services', name, 'realServers', n, 'port']);
        const message = `${server.host} listens on port ${server.port}, but ${name} is known by its mark, and keeps the ports`;
        return [problemAt(at, this.name, message, 'take the port out')];
      });
    });
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) `sorry_server`. */
export const sorryServerApart: Rule = {
  name: 'sorry-server-apart',
  why: 'a sorry server that is a real server as well is down when it is needed, and one on another port is not reached',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, port, sorryServer, realServers, forwarding }) => {
      if (sorryServer === undefined) return [];
      const at = place(['services', name, 'sorryServer']);
      const twin = realServers.find((one) => one.address === sorryServer.address && one.port === sorryServer.port);
      if (twin !== undefined)
        return [
          problemAt(at, this.name, `${twin.host} is a real server of ${name}, and its sorry server`, 'name another'),
        ];
      if (forwarding.mode === 'NAT' || sorryServer.port === port) return [];
      const message = `the sorry server listens on port ${sorryServer.port}, but ${forwarding.mode} keeps the port ${port} of ${name}`;
      return [problemAt(at, this.name, message, `let it listen on ${port}, and take the port out`)];
    });
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** The kernel takes everything that comes to a receive port out of its tunnel, ip-fou(8). */
export const guePortFree: Rule = {
  name: 'gue-port-free',
  why: 'of a UDP service on the port of a tunnel no datagram reaches the program that serves it',
  check(cluster, place) {
    const served = cluster.services.filter(({ protocol }) => protocol === 'UDP');
    return cluster.services.flatMap(({ name, forwarding, realServers }) => {
      if (forwarding.mode !== 'TUN' || forwarding.tunnel.type !== 'gue') return [];
      const { port } = forwarding.tunnel;
      const hosts = new Set(realServers.map(({ host }) => host));
      const clash = served.flatMap((service) =>
        service.realServers
          .filter((server) => server.port === port && hosts.has(server.host))
          .map(({ host }) => ({ service: service.name, host })),
      )[0];
      if (clash === undefined) return [];
      const message = `${clash.host} serves ${clash.service} on UDP port ${port}, on which the tunnel of ${name} arrives`;
      return [problemAt(place(['services', name, 'tunnel']), this.name, message, 'choose another port for gue')];
    });
  },
};

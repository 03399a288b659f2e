import type { Cluster, Masquerading, VirtualService } from '../cluster.ts';
import { problemAt } from '../problem.ts';
import { standsBehind } from '../stands-behind.ts';
import type { Rule } from './rule.ts';

/** A NAT service as one of its real servers sees it. */
interface Served {
  readonly service: VirtualService;
  readonly forwarding: Masquerading;
  /** RIP. */
  readonly address: string;
}

/** What is sent from one address takes one way, and a host has one default gateway. */
export const natOneGateway: Rule = {
  name: 'nat-one-gateway',
  why: 'of two default gateways one is used: the answers of the other service never come back through its director',
  check(cluster, place) {
    return cluster.hosts.flatMap(({ name: host }) => {
      const served = servedAs(cluster, host);
      return served.flatMap(({ service, forwarding, address }, n) => {
        const report = (message: string, hint: string) => [
          problemAt(place(['services', service.name, 'gateway']), this.name, message, hint),
        ];
        const before = served.slice(0, n).filter((one) => one.forwarding.gateway !== forwarding.gateway);
        const same = before.find((one) => one.address === address);
        if (same !== undefined) {
          const message = `${host} would answer from ${address} by ${forwarding.gateway} for ${service.name} and by ${same.forwarding.gateway} for ${same.service.name}`;
          return report(message, 'give both services one gateway, or the host another address for one of them');
        }
        if (forwarding.route !== 'default') return [];
        const hint = 'take route out, or write route: source';
        const other = before.find((one) => one.forwarding.route === 'default' && one.service.family === service.family);
        if (other !== undefined) {
          const message = `${host} would have two default gateways: ${other.forwarding.gateway} for ${other.service.name}, ${forwarding.gateway} for ${service.name}`;
          return report(message, hint);
        }
        const direct = cluster.services.find(
          (one) => one.family === service.family && one.forwarding.mode !== 'NAT' && standsBehind(one, host),
        );
        if (direct === undefined) return [];
        const message = `with ${forwarding.gateway} as its default gateway ${host} would answer by the director for ${direct.name} (${direct.forwarding.mode}), which drops what comes from its own VIP`;
        return report(message, hint);
      });
    });
  },
};

function servedAs({ services }: Cluster, host: string): Served[] {
  return services.flatMap((service) => {
    const { forwarding } = service;
    const server = service.realServers.find((one) => one.host === host);
    return forwarding.mode === 'NAT' && server !== undefined ? [{ service, forwarding, address: server.address }] : [];
  });
}

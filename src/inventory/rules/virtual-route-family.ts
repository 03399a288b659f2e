import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ip-route(8): the network, the gateway and the source address of a route are of one family. */
export const virtualRouteFamily: Rule = {
  name: 'virtual-route-family',
  why: 'a route between families is none: keepalived drops it',
  check(cluster, place) {
    return cluster.vrrp.flatMap(({ name, routes }) =>
      routes.flatMap(({ to, via, source }, n) => {
        const known = [to === 'default' ? undefined : to, via, source].filter((text) => text !== undefined);
        if (new Set(known.map((text) => text.includes(':'))).size < 2) return [];
        const message = `a route of ${name} mixes IPv4 and IPv6: ${known.join(', ')}`;
        return [problemAt(place(['vrrp', name, 'routes', n]), this.name, message, 'write a route for each family')];
      }),
    );
  },
};

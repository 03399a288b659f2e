import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** Sites have no server_name: nginx tells them apart by port alone. */
export const sitePortCollision: Rule = {
  name: 'site-port-collision',
  why: 'of two sites on one port nginx serves the first and ignores the second',
  check(cluster, place) {
    const first = new Map<string, string>();
    return cluster.sites.flatMap(({ name, hosts, port }) => {
      const clashes = hosts.flatMap((host) => {
        const key = `${host} ${port}`;
        const other = first.get(key);
        if (other === undefined) first.set(key, name);
        return other === undefined ? [] : [{ host, other }];
      });
      const [clash] = clashes;
      if (clash === undefined) return [];
      const message = `${name} and ${clash.other} both listen on port ${port} of ${clash.host}`;
      return [problemAt(place(['nginx', name, 'port']), this.name, message, 'give one of them another port:')];
    });
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** A director or real server has the VIP itself; what it asks the VIP, it answers itself (keepalived issue 2213). */
export const verifyFromOutside: Rule = {
  name: 'verify-from-outside',
  why: 'a proof from a host that has the VIP on its own interfaces proves nothing',
  check(cluster, place) {
    const holders = new Map<string, string>();
    for (const { realServers } of cluster.services)
      for (const { host } of realServers) holders.set(host, 'a real server');
    for (const host of cluster.directors) holders.set(host, 'a director');
    const inside = cluster.verify.from.filter((host) => holders.has(host));
    return inside.map((host) =>
      problemAt(
        place(['verify', 'from', cluster.verify.from.indexOf(host)]),
        this.name,
        `${host} is ${holders.get(host) ?? ''}: it has the VIP itself and would answer its own requests`,
        'verify from another host, or from operator',
      ),
    );
  },
};

import { sessionsOf, sourceFor } from '../../keepalived/bfd.ts';
import { problemAt } from '../problem.ts';
import { hostsByName, type Rule } from './rule.ts';

/** RFC 5880: a session has two ends that differ, and a packet has one family. */
export const bfdNeighbor: Rule = {
  name: 'bfd-neighbor',
  why: 'a session that no packet can belong to never comes up, and what waits for it is at fault',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    return cluster.directors.flatMap((name) => {
      const host = hosts.get(name);
      if (host === undefined) return [];
      return sessionsOf(cluster, name).flatMap(({ neighbor, path }) => {
        const report = (message: string, hint: string) => [problemAt(place(path), this.name, message, hint)];
        if (host.addresses.some(({ address }) => address === neighbor))
          return report(
            `${neighbor} is ${name} itself`,
            'write the other end of each director: neighbor: { lb1: ADDRESS, lb2: ADDRESS }',
          );
        if (sourceFor(host, neighbor) === undefined)
          return report(
            `${name} has no address to speak with ${neighbor} from`,
            'write an address of the other family',
          );
        return [];
      });
    });
  },
};

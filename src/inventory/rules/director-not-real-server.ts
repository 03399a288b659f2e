import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** A director that is a real server of its own services ("local node") needs settings of its own in every mode. */
export const directorNotRealServer: Rule = {
  name: 'director-not-real-server',
  why: 'a backup director that balances what it is sent as a real server sends packets round in a circle',
  check(cluster, place) {
    const directors = new Set(cluster.directors);
    return cluster.services.flatMap(({ name, realServers }) =>
      realServers.flatMap(({ host }, n) => {
        if (!directors.has(host)) return [];
        const message = `${host} is a director and a real server of ${name}, which this version does not serve`;
        return [problemAt(place(['services', name, 'realServers', n]), this.name, message, 'use hosts of their own')];
      }),
    );
  },
};

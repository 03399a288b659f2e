import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** A director that is a real server of its own services ("local node") needs other sysctls and no VIP on lo. */
export const directorNotRealServer: Rule = {
  name: 'director-not-real-server',
  why: 'with direct routing a backup director that balances for itself sends packets round in a circle',
  check(cluster, place) {
    const directors = new Set(cluster.directors);
    return cluster.services.flatMap(({ name, realServers }) =>
      realServers.flatMap(({ host }, n) => {
        if (!directors.has(host)) return [];
        const message = `${host} is a director and a real server of ${name}, which this version does not serve`;
        return [
          problemAt(
            place(['services', name, 'realServers', n]),
            this.name,
            message,
            'the VIP would be on its NIC and on its loopback; use hosts of their own',
          ),
        ];
      }),
    );
  },
};

import { isDynamic, checksOf } from '../check-of.ts';
import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) `quorum` and `hysteresis`: it is gained at their sum, and lost below their difference. */
export const quorumReachable: Rule = {
  name: 'quorum-reachable',
  why: 'a quorum that all real servers together do not reach leaves the service with the sorry server, or with none, for ever',
  check(cluster, place) {
    return cluster.services.flatMap((service) => {
      const { name, quorum, hysteresis, realServers } = service;
      if (hysteresis >= quorum && hysteresis > 0) {
        const message = `a hysteresis of ${hysteresis} is not less than the quorum of ${name}, ${quorum}: it would never be lost`;
        return [problemAt(place(['services', name, 'hysteresis']), this.name, message, `write less than ${quorum}`)];
      }
      // Weights that a check sets are not known here.
      if (realServers.some((server) => checksOf(service, server).some(isDynamic))) return [];
      const sum = realServers.reduce((total, { weight }) => total + weight, 0);
      if (quorum === 1 || quorum + hysteresis <= sum) return [];
      const wanted = hysteresis === 0 ? String(quorum) : `${quorum} and the hysteresis of ${hysteresis}`;
      const message = `the real servers of ${name} have a weight of ${sum} together, and its quorum is ${wanted}`;
      return [problemAt(place(['services', name, 'quorum']), this.name, message, 'lower it, or raise weights')];
    });
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ipvsadm(8) `-x` and `-y`. */
export const thresholdsApart: Rule = {
  name: 'thresholds-apart',
  why: 'a real server that is full gets connections again below the lower threshold: above the upper one it would never be full',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, realServers }) =>
      realServers.flatMap(({ host, upperThreshold, lowerThreshold }, n) => {
        if (lowerThreshold === undefined) return [];
        const at = place(['services', name, 'realServers', n, 'lowerThreshold']);
        if (upperThreshold === undefined)
          return [problemAt(at, this.name, `${host} has a lower threshold and no upper one`, 'add upperThreshold')];
        if (lowerThreshold < upperThreshold) return [];
        const message = `the lower threshold of ${host}, ${lowerThreshold}, is not below the upper one, ${upperThreshold}`;
        return [problemAt(at, this.name, message)];
      }),
    );
  },
};

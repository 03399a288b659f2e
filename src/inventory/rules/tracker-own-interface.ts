import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) dont_track_primary: the NIC of an instance is watched anyhow. */
export const trackerOwnInterface: Rule = {
  name: 'tracker-own-interface',
  why: 'an instance is at fault when its own NIC is down; a weight for it would be ignored',
  check(cluster, place) {
    return cluster.vrrp.flatMap(({ name, interfaces, trackers }) =>
      trackers.flatMap((tracker, n) => {
        if (tracker.type !== 'interface' || !Object.values(interfaces).includes(tracker.interface)) return [];
        const message = `${name} runs on ${tracker.interface}, which it watches anyhow`;
        return [problemAt(place(['vrrp', name, 'track', n, 'interface']), this.name, message, 'take this tracker out')];
      }),
    );
  },
};

import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) vrrp_sync_group: keepalived sets the weights of trackers of its members to 0 itself. */
export const syncGroupWeight: Rule = {
  name: 'sync-group-weight',
  why: 'a weight moves one member and not the others, so keepalived ignores it: what was to change a priority becomes a fault',
  check(cluster, place) {
    return cluster.syncGroups.flatMap((group) => {
      const members = cluster.vrrp.filter(({ name }) => group.instances.includes(name));
      const watching = [
        { path: ['syncGroups', group.name], trackers: group.trackers },
        ...members.map(({ name, trackers }) => ({ path: ['vrrp', name], trackers })),
      ];
      return watching.flatMap(({ path, trackers }) =>
        trackers.flatMap(({ weight }, n) => {
          if (weight === 0) return [];
          const message = `a tracker with weight ${weight} in the sync group ${group.name}`;
          const hint = 'write weight: 0, so that a failure is a fault of the whole group';
          return [problemAt(place([...path, 'track', n]), this.name, message, hint)];
        }),
      );
    });
  },
};

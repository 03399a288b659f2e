import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived finds out about a file by watching its folder, which must be there when it starts. */
export const trackFileFolder: Rule = {
  name: 'track-file-folder',
  why: 'a folder that is gone after a boot takes the tracker with it: keepalived ignores it',
  check(cluster, place) {
    const watching = [
      ...cluster.vrrp.map(({ name, trackers }) => ({ path: ['vrrp', name], trackers })),
      ...cluster.syncGroups.map(({ name, trackers }) => ({ path: ['syncGroups', name], trackers })),
    ];
    return watching.flatMap(({ path, trackers }) =>
      trackers.flatMap((tracker, n) => {
        const folder =
          tracker.type === 'file' ? /^(?:\/var)?\/(?:run|tmp)(?=\/)|^\/dev\/shm/.exec(tracker.path)?.[0] : undefined;
        if (folder === undefined) return [];
        const message = `${folder} does not keep its folders over a boot`;
        const hint = 'use a folder that stays, such as /var/lib/keepalived';
        return [problemAt(place([...path, 'track', n, 'file']), this.name, message, hint)];
      }),
    );
  },
};

import type { Check, Finding } from '../check.ts';
import { holderOf, judged, listed } from '../scope.ts';

/** The VIPs of a sync group are on one director. */
export const syncGroup: Check = {
  name: 'sync-group',
  severity: 'critical',
  proves: 'the VIPs of a sync group are on one director',
  why: 'When the instances of a group are apart, requests come in by one director and answers leave by another: nothing gets through.',
  runs: 'each director: `ip -o addr show`',
  reads: 'one director for all VIPs of the group',
  mend: '`journalctl -u keepalived` on both: an instance in FAULT takes its group with it, unless a tracker with a weight keeps it back',

  section: () => undefined,

  judge: (evidence) =>
    evidence.cluster.syncGroups.flatMap(({ name, instances }): Finding[] => {
      const { cluster } = evidence;
      const vips = cluster.vrrp
        .filter((instance) => instances.includes(instance.name))
        .flatMap((instance) => instance.vips.map(({ address }) => address));
      const held = vips.flatMap((vip) => {
        const holder = holderOf(evidence, vip);
        return holder === undefined ? [] : [{ vip, holder }];
      });
      // A VIP without a holder is reported by itself.
      if (held.length < 2) return [];
      const holders = new Set(held.map(({ holder }) => holder));
      return [
        {
          check: 'sync-group',
          where: cluster.name,
          status: judged(holders.size === 1),
          title: `the instances of ${name} are on one director`,
          expected: `one director for ${listed(instances)}`,
          seen:
            holders.size === 1 ? listed([...holders]) : listed(held.map(({ vip, holder }) => `${vip} on ${holder}`)),
          look: `lvsctl exec ${cluster.directors.join(',')} -- ip -br address`,
        },
      ];
    }),
};

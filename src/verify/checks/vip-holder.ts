import type { Check, Finding } from '../check.ts';
import { allVips, holdersOf, listed, observed } from '../scope.ts';

/** Each VIP is on one director, and on one only. */
export const vipHolder: Check = {
  name: 'vip-holder',
  why: 'No holder: the service is down. Two: VRRP is blocked between the directors, and clients reach either by chance.',

  section: () => undefined,

  judge(evidence) {
    const { cluster } = evidence;
    const asked = observed(evidence, cluster.directors);
    if (asked.length === 0) return [];
    const silent = cluster.directors.filter((name) => !asked.includes(name));
    return allVips(cluster).map((vip): Finding => {
      const holders = holdersOf(evidence, vip);
      // A director that was not asked may hold the VIP too, or alone; nothing takes back that two hold it.
      const undecided = silent.length > 0 && holders.length < 2;
      const held = holders.length === 0 ? `none of ${listed(asked)} holds it` : `held by ${listed(holders)}`;
      return {
        check: 'vip-holder',
        where: cluster.name,
        status: undecided ? 'unknown' : holders.length === 1 ? 'ok' : 'failed',
        title: `VIP ${vip} is held by one director`,
        expected: `exactly one of ${listed(cluster.directors)}`,
        seen: silent.length === 0 ? held : `${held}; ${listed(silent)} could not be asked`,
        look: `lvsctl exec ${cluster.directors.join(',')} -- ip -br address show to ${vip}`,
      };
    });
  },
};

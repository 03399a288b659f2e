import type { VrrpInstance } from '../../inventory/cluster.ts';
import { keepalivedState } from '../../observe/keepalived.ts';
import type { Check, Evidence, Finding } from '../check.ts';
import { allVips, holderOf, holdersOf, listed, observed } from '../scope.ts';

/** Each VIP is on one director, and on one only. */
export const vipHolder: Check = {
  name: 'vip-holder',
  severity: 'critical',
  proves: 'each VIP is on exactly one director, and on the preferred one where it preempts',
  why: 'No holder: the service is down. Two: VRRP is blocked between the directors, and clients reach either by chance.',
  runs: 'each director: `ip -o addr show`',
  reads: 'one name is right; none means that nobody took over, two that they do not hear each other',
  mend: 'none: is keepalived in FAULT (`journalctl -u keepalived`)? Two: let protocol 112 through between the directors, or use unicast; see the check `vrrp-log`',

  section: () => undefined,

  judge(evidence) {
    const { cluster } = evidence;
    const asked = observed(evidence, cluster.directors);
    if (asked.length === 0) return [];
    const silent = cluster.directors.filter((name) => !asked.includes(name));
    const holding = allVips(cluster).map((vip): Finding => {
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
    return [...holding, ...cluster.vrrp.flatMap((instance) => preferredHolds(evidence, instance))];
  },
};

/**
 * With preemption the running director of the highest priority takes over within three adverts, or after a delay which may not
 * be over yet. While it has not, the VIP is
 * about to move; if it never does, its interface or its VRRP is broken.
 */
function preferredHolds(evidence: Evidence, instance: VrrpInstance): Finding[] {
  const { cluster, observations } = evidence;
  const running = observed(evidence, cluster.directors).filter(
    (name) => keepalivedState(cluster, name, observations)?.active === 'active',
  );
  const priority = (name: string): number => instance.priorities[name] ?? 0;
  const [preferred] = [...running].sort((a, b) => priority(b) - priority(a));
  if (!instance.preempt || instance.preemptDelay > 0 || preferred === undefined) return [];
  return instance.vips.flatMap(({ address: vip }): Finding[] => {
    const holder = holderOf(evidence, vip);
    if (holder === undefined) return [];
    return [
      {
        check: 'vip-holder',
        where: preferred,
        status: holder === preferred ? 'ok' : 'failed',
        title: `VIP ${vip} is held by the director of the highest priority`,
        expected: `${preferred}, priority ${priority(preferred)}`,
        seen: `held by ${holder}, priority ${priority(holder)}`,
        look: `lvsctl exec ${preferred} -- journalctl -u keepalived -n 20`,
      },
    ];
  });
}

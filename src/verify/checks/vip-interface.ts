import { deviceOf } from '../../keepalived/vrrp.ts';
import type { Check, Finding } from '../check.ts';
import { holderOf, judged } from '../scope.ts';

/** The director that holds a VIP has it on the NIC it is meant for. */
export const vipInterface: Check = {
  name: 'vip-interface',
  severity: 'critical',
  proves: 'the director that holds a VIP has it on the NIC it is meant for',
  why: 'A VIP on another NIC was put there by hand or by something else than keepalived; neighbours look for it elsewhere.',
  runs: 'each director: `ip -o addr show`',
  reads: 'the name of the NIC',
  mend: 'take the address away by hand (`ip addr del VIP dev NIC`); keepalived puts it where it belongs at its next reload',

  section: () => undefined,

  judge: (evidence) =>
    evidence.cluster.vrrp.flatMap((instance) =>
      instance.vips.flatMap((vip): Finding[] => {
        const holder = holderOf(evidence, vip.address);
        if (holder === undefined) return [];
        const addresses = evidence.observations.get(holder)?.facts.addresses ?? [];
        const on = addresses.filter((own) => own.address === vip.address && own.interface !== 'lo');
        const wished = deviceOf(instance, vip, holder) ?? instance.vmac ?? '';
        return [
          {
            check: 'vip-interface',
            where: holder,
            status: judged(on.every((own) => own.interface === wished)),
            title: `VIP ${vip.address} is on its NIC`,
            expected: wished,
            seen: on.map((own) => own.interface).join(', '),
            look: `ip -br address show to ${vip.address}`,
          },
        ];
      }),
    ),
};

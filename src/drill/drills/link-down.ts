import type { Drill } from '../drill.ts';
import { linkDown } from '../faults/network.ts';
import { loss, mastersOf, silence } from '../masters.ts';
import { ok } from '../../result.ts';

/** The NIC of the adverts loses its link. lvsctl may not reach the host meanwhile: the host takes the link up again by itself. */
export const linkLost: Drill = {
  name: 'link-down',
  title: "the link of the master's NIC is down for a while",

  prepare(context) {
    const masters = mastersOf(context);
    if (!masters.ok) return masters;
    const { master, instances } = masters.value;
    const nics = [...new Set(instances.flatMap(({ interfaces }) => interfaces[master] ?? []))];
    return ok(
      loss(masters.value, {
        text: `${nics.join(' and ')} of ${master} goes down`,
        faults: [{ by: 'steps', host: master, steps: [linkDown(nics)], alone: true, boots: false }],
        takeover: silence(masters.value),
      }),
    );
  },
};

import { stepsOn, type Drill } from '../drill.ts';
import { linkDown } from '../faults/network.ts';
import { loss, silence } from '../masters.ts';

/** The NIC of the adverts loses its link. lvsctl may not reach the host meanwhile: the host takes the link up again by itself. */
export const linkLost: Drill = {
  name: 'link-down',
  title: "the link of the master's NIC is down for a while",

  prepare(context) {
    return loss(context, (masters) => {
      const { master, instances } = masters;
      const nics = [...new Set(instances.flatMap(({ interfaces }) => interfaces[master] ?? []))];
      return {
        text: `${nics.join(' and ')} of ${master} goes down`,
        faults: [stepsOn(master, [linkDown(nics)], { alone: true })],
        takeover: silence(masters),
      };
    });
  },
};

import { err, ok } from '../../result.ts';
import { stepsOn, type Drill, type Expectation } from '../drill.ts';
import { blockAdverts } from '../faults/network.ts';
import { mastersOf, overAll, silence } from '../masters.ts';
import { nextAdvert } from '../timers.ts';

/** A firewall or a switch drops protocol 112 and nothing else: two masters. It must be seen, and there must be one as soon as it is over. */
export const blockVrrp: Drill = {
  name: 'block-vrrp',
  title: 'adverts do not reach the backup any more: two masters',

  prepare(context) {
    const masters = mastersOf(context);
    if (!masters.ok) return masters;
    const { master, backup, instances, vips, services } = masters.value;
    const by = context.means.get(backup)?.blocking;
    if (by === undefined)
      return err(`${backup} has nothing to block adverts with: install nftables, iptables, or iproute2's tc`);
    const nics = instances.map(({ interfaces, family }) => ({ nic: interfaces[backup] ?? '', family }));
    const distinct = nics.filter(
      (one, index) => nics.findIndex(({ nic, family }) => nic === one.nic && family === one.family) === index,
    );
    const next = overAll(masters.value, nextAdvert);
    return ok({
      acts: [
        {
          text: `${backup} hears no adverts any more`,
          faults: [stepsOn(backup, [blockAdverts(by, distinct)])],
          until: undefined,
        },
      ],
      services,
      hold: silence(masters.value).seconds + 3,
      expectations: [
        {
          type: 'state',
          phase: 'fault',
          kind: 'detection',
          condition: { type: 'held-twice', vips },
          within: silence(masters.value),
        },
        {
          type: 'state',
          phase: 'heal',
          kind: 'return',
          condition: { type: 'held-once', vips, by: master },
          within: next,
        },
        ...services.map(({ name }): Expectation => ({ type: 'gap', phase: 'heal', service: name, within: next })),
      ],
    });
  },
};

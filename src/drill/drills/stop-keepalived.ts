import { stepsOn, type Drill } from '../drill.ts';
import { keepalivedUnit, stopUnit } from '../faults/service.ts';
import { loss, overAll } from '../masters.ts';
import { skew } from '../timers.ts';

/** The master says goodbye with an advert of priority 0 (RFC 5798 6.4.3), so that the backup waits its skew alone. */
export const stopKeepalived: Drill = {
  name: 'stop-keepalived',
  title: 'keepalived is stopped on the master, and started again',

  prepare(context) {
    return loss(context, (masters) => {
      const { master, backup } = masters;
      const step = stopUnit(context.cluster, master, keepalivedUnit(context.cluster, master));
      return {
        text: `keepalived stops on ${master}`,
        faults: [stepsOn(master, [step])],
        takeover: overAll(masters, (instance) => skew(instance, backup)),
      };
    });
  },
};

import type { Drill } from '../drill.ts';
import { keepalivedUnit, stopUnit } from '../faults/service.ts';
import { loss, mastersOf, overAll } from '../masters.ts';
import { ok } from '../../result.ts';
import { skew } from '../timers.ts';

/** The master says goodbye with an advert of priority 0 (RFC 5798 6.4.3), so that the backup waits its skew alone. */
export const stopKeepalived: Drill = {
  name: 'stop-keepalived',
  title: 'keepalived is stopped on the master, and started again',

  prepare(context) {
    const masters = mastersOf(context);
    if (!masters.ok) return masters;
    const { master, backup } = masters.value;
    const step = stopUnit(context.cluster, master, keepalivedUnit(context.cluster, master));
    return ok(
      loss(masters.value, {
        text: `keepalived stops on ${master}`,
        faults: [{ by: 'steps', host: master, steps: [step], alone: false, boots: false }],
        takeover: overAll(masters.value, (instance) => skew(instance, backup)),
      }),
    );
  },
};

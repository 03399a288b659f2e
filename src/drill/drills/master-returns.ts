import { stepsOn, type Drill } from '../drill.ts';
import { keepalivedUnit, stopUnit } from '../faults/service.ts';
import { mastersOf, returning, silence } from '../masters.ts';
import { ok } from '../../result.ts';

/** The old master comes back: with preemption it takes the VIPs from one that works, and nobody must notice. */
export const masterReturns: Drill = {
  name: 'master-returns',
  title: 'the old master returns to a cluster that did without it',

  prepare(context) {
    const masters = mastersOf(context);
    if (!masters.ok) return masters;
    const { master, vips, services } = masters.value;
    const step = stopUnit(context.cluster, master, keepalivedUnit(context.cluster, master));
    return ok({
      acts: [
        {
          text: `keepalived stops on ${master}`,
          faults: [stepsOn(master, [step])],
          until: { type: 'held-elsewhere', vips, than: master },
        },
      ],
      services,
      hold: silence(masters.value).seconds + 3,
      expectations: returning(masters.value),
    });
  },
};

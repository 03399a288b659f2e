import type { Drill } from '../drill.ts';
import { reboot } from '../faults/boot.ts';
import { bootTime, loss, mastersOf, silence } from '../masters.ts';
import { ok } from '../../result.ts';

/** The master boots again, as after a kernel update; whatever was not made to last over a boot shows now. */
export const rebootMaster: Drill = {
  name: 'reboot',
  title: 'the master boots again',

  prepare(context) {
    const masters = mastersOf(context);
    if (!masters.ok) return masters;
    const { master } = masters.value;
    return ok(
      loss(masters.value, {
        text: `${master} boots again`,
        faults: [{ by: 'steps', host: master, steps: [reboot(context.cluster, master)], alone: false, boots: true }],
        // Its shutdown may stop the network before keepalived has said goodbye.
        takeover: silence(masters.value),
        before: bootTime,
      }),
    );
  },
};

import { stepsOn, type Drill } from '../drill.ts';
import { reboot } from '../faults/boot.ts';
import { bootTime, loss, silence } from '../masters.ts';

/** The master boots again, as after a kernel update; whatever was not made to last over a boot shows now. */
export const rebootMaster: Drill = {
  name: 'reboot',
  title: 'the master boots again',

  prepare(context) {
    return loss(context, (masters) => {
      const { master } = masters;
      return {
        text: `${master} boots again`,
        faults: [stepsOn(master, [reboot(context.cluster, master)], { boots: true })],
        // Its shutdown may stop the network before keepalived has said goodbye.
        takeover: silence(masters),
        before: bootTime,
      };
    });
  },
};

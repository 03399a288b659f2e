import { stepsOn, type Drill } from '../drill.ts';
import { killKeepalived } from '../faults/processes.ts';
import { loss, silence } from '../masters.ts';

/** keepalived crashes: nobody says goodbye, and nobody takes its VIPs and its table away. */
export const killMaster: Drill = {
  name: 'kill-keepalived',
  title: 'keepalived is killed on the master (SIGKILL), and started again',

  prepare(context) {
    return loss(context, (masters) => {
      const { master } = masters;
      const step = killKeepalived(context.cluster, master);
      return {
        text: `keepalived is killed on ${master}`,
        faults: [stepsOn(master, [step])],
        takeover: silence(masters),
      };
    });
  },
};

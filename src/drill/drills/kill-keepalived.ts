import type { Drill } from '../drill.ts';
import { killKeepalived } from '../faults/processes.ts';
import { loss, mastersOf, silence } from '../masters.ts';
import { ok } from '../../result.ts';

/** keepalived crashes: nobody says goodbye, and nobody takes its VIPs and its table away. */
export const killMaster: Drill = {
  name: 'kill-keepalived',
  title: 'keepalived is killed on the master (SIGKILL), and started again',

  prepare(context) {
    const masters = mastersOf(context);
    if (!masters.ok) return masters;
    const { master } = masters.value;
    const step = killKeepalived(context.cluster, master);
    return ok(
      loss(masters.value, {
        text: `keepalived is killed on ${master}`,
        faults: [{ by: 'steps', host: master, steps: [step], alone: false, boots: false }],
        takeover: silence(masters.value),
      }),
    );
  },
};

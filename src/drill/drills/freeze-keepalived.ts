import type { Drill } from '../drill.ts';
import { freezeKeepalived } from '../faults/processes.ts';
import { loss, mastersOf, overAll, silence } from '../masters.ts';
import { ok } from '../../result.ts';
import { nextAdvert } from '../timers.ts';

/** keepalived hangs: its VIPs and its table stay where they are, on a director that the other one takes for dead. */
export const freezeMaster: Drill = {
  name: 'freeze-keepalived',
  title: 'keepalived hangs on the master (SIGSTOP), with the VIPs on it',

  prepare(context) {
    const masters = mastersOf(context);
    if (!masters.ok) return masters;
    const { master } = masters.value;
    return ok(
      loss(masters.value, {
        text: `keepalived hangs on ${master}`,
        faults: [{ by: 'steps', host: master, steps: [freezeKeepalived()], alone: false, boots: false }],
        takeover: silence(masters.value),
        back: overAll(masters.value, nextAdvert),
      }),
    );
  },
};

import { stepsOn, type Drill } from '../drill.ts';
import { freezeKeepalived } from '../faults/processes.ts';
import { loss, overAll, silence } from '../masters.ts';
import { nextAdvert } from '../timers.ts';

/** keepalived hangs: its VIPs and its table stay where they are, on a director that the other one takes for dead. */
export const freezeMaster: Drill = {
  name: 'freeze-keepalived',
  title: 'keepalived hangs on the master (SIGSTOP), with the VIPs on it',

  prepare(context) {
    return loss(context, (masters) => {
      const { master } = masters;
      return {
        text: `keepalived hangs on ${master}`,
        faults: [stepsOn(master, [freezeKeepalived()])],
        takeover: silence(masters),
        back: overAll(masters, nextAdvert),
      };
    });
  },
};

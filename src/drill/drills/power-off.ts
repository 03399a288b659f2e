import { err } from '../../result.ts';
import type { Drill } from '../drill.ts';
import { bootTime, loss, silence } from '../masters.ts';

/** The master dies without a word. Power is cut on the lab only: nothing could give it back elsewhere. */
export const powerOff: Drill = {
  name: 'power-off',
  title: 'the power of the master fails, and returns',

  prepare(context) {
    if (!context.isLab) return err('power is cut on the lab only: see "lvsctl lab"');
    return loss(context, (masters) => {
      const { master } = masters;
      return {
        text: `the power of ${master} fails`,
        faults: [{ by: 'power', host: master }],
        takeover: silence(masters),
        before: bootTime,
      };
    });
  },
};

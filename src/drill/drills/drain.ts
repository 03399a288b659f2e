import { ok } from '../../result.ts';
import { stepsOn, type Drill, type Expectation } from '../drill.ts';
import { stopUnit } from '../faults/service.ts';
import { none } from '../masters.ts';
import { inAgain, victimOf } from '../servers.ts';

/** A real server is taken out in order, stopped, and put back: what every maintenance does. Nobody may notice. */
export const drain: Drill = {
  name: 'drain',
  title: 'a real server is drained, stopped, started and put back',

  prepare(context) {
    const victim = victimOf(context);
    if (!victim.ok) return victim;
    const { host, unit, affected, services, removal } = victim.value;
    const out = { type: 'pool', host, services: affected, are: 'out' } as const;
    return ok({
      acts: [
        {
          text: `${host} is drained`,
          faults: context.draining(host).map(({ host: director, steps }) => stepsOn(director, steps)),
          until: out,
        },
        {
          text: `${unit} stops on ${host}`,
          faults: [stepsOn(host, [stopUnit(context.cluster, host, unit)])],
          until: undefined,
        },
      ],
      services,
      // Until its checks have noticed, so that it comes back as one that was down.
      hold: removal.seconds + 1,
      expectations: [
        { type: 'state', phase: 'fault', kind: 'detection', condition: out, within: none('it is drained before') },
        ...services.map(({ name }): Expectation => ({
          type: 'no-failure',
          service: name,
          since: 'begin',
          until: 'end',
          text: 'from the drain until it is back',
        })),
        inAgain(victim.value),
      ],
    });
  },
};

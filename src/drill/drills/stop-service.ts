import { ok } from '../../result.ts';
import { stepsOn, type Drill, type Expectation } from '../drill.ts';
import { stopUnit } from '../faults/service.ts';
import { inAgain, victimOf } from '../servers.ts';

/** A real server's service dies. Requests may be lost until its check has noticed, and none after that. */
export const stopService: Drill = {
  name: 'stop-service',
  title: 'the service of a real server stops, and starts again',

  prepare(context) {
    const victim = victimOf(context);
    if (!victim.ok) return victim;
    const { host, unit, affected, services, removal } = victim.value;
    const out = { type: 'pool', host, services: affected, are: 'out' } as const;
    return ok({
      acts: [
        {
          text: `${unit} stops on ${host}`,
          faults: [stepsOn(host, [stopUnit(context.cluster, host, unit)])],
          until: undefined,
        },
      ],
      services,
      hold: removal.seconds + 2,
      expectations: [
        { type: 'state', phase: 'fault', kind: 'detection', condition: out, within: removal },
        ...services.map(({ name }): Expectation => ({
          type: 'no-failure',
          service: name,
          since: out,
          until: 'end',
          text: `once ${host} is out of the table`,
        })),
        inAgain(victim.value),
      ],
    });
  },
};

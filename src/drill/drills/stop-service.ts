import { ok } from '../../result.ts';
import type { Drill, Expectation } from '../drill.ts';
import { stopUnit } from '../faults/service.ts';
import { victimOf } from '../servers.ts';

/** A real server's service dies. Requests may be lost until its check has noticed, and none after that. */
export const stopService: Drill = {
  name: 'stop-service',
  title: 'the service of a real server stops, and starts again',

  prepare(context) {
    const victim = victimOf(context);
    if (!victim.ok) return victim;
    const { host, unit, affected, services, removal, readmission } = victim.value;
    const out = { type: 'pool', host, services: affected, are: 'out' } as const;
    return ok({
      acts: [
        {
          text: `${unit} stops on ${host}`,
          faults: [{ by: 'steps', host, steps: [stopUnit(context.cluster, host, unit)], alone: false, boots: false }],
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
          text: `once ${host} is out of the table`,
        })),
        {
          type: 'state',
          phase: 'heal',
          kind: 'return',
          condition: { type: 'pool', host, services: affected, are: 'in' },
          within: readmission,
        },
      ],
    });
  },
};

import type { RealServer, VirtualService } from '../inventory/cluster.ts';
import { err, ok, type Result } from '../result.ts';
import { servedBy, working } from '../verify/scope.ts';
import type { DrillContext, Expectation } from './drill.ts';
import { unitBehind } from './faults/service.ts';
import { asked, few, unasked } from './masters.ts';
import { longest, readmission, removal, type Bound } from './timers.ts';

/** A real server that a drill takes out, and all that its host serves by the same unit. */
export interface Victim {
  readonly host: string;
  readonly unit: string;
  /** The services that notice. */
  readonly affected: readonly VirtualService[];
  /** Those that are asked. */
  readonly services: readonly VirtualService[];
  /** Until it is out of every table, and until it is in again. */
  readonly removal: Bound;
  readonly readmission: Bound;
}

/** The last real server of the first service that can do without it. */
export function victimOf(context: DrillContext): Result<Victim, string> {
  const { cluster } = context;
  const able = asked(cluster);
  if (able.length === 0) return err(unasked('at all'));
  let why = 'no service has two real servers';
  for (const service of able) {
    const servers = working(service);
    for (const server of servers.length < 2 ? [] : [...servers].reverse()) {
      const victim = strike(context, server);
      if (victim.ok) return victim;
      why = victim.error;
    }
  }
  return err(why);
}

/** What a real server's host loses with the unit behind its port. */
export function strike({ cluster }: DrillContext, { host, port }: RealServer): Result<Victim, string> {
  const unit = unitBehind(cluster, host, port);
  if (unit === undefined) return err(`lvsctl does not run what listens on port ${port} of ${host}: it cannot stop it`);
  const affected = servedBy(cluster, host).filter((service) =>
    serversOn(service, host).some((one) => unitBehind(cluster, host, one.port) === unit),
  );
  const pairs = affected.flatMap((service) => serversOn(service, host).map((server) => ({ service, server })));
  const bounds = pairs.map(({ service, server }) => removal(service, server));
  const deaf = pairs.find((_, index) => bounds[index] === undefined);
  if (deaf)
    return err(
      `no check of ${deaf.service.name} would notice that ${unit} is stopped on ${host}: it asks something else`,
    );
  const [first, ...more] = bounds.filter((one) => one !== undefined);
  const [back, ...others] = pairs.map(({ service, server }) => readmission(service, server));
  if (!first || !back) return err(`${host} serves nothing`);
  const able = new Set(asked(cluster).map(({ name }) => name));
  return ok({
    host,
    unit,
    affected,
    services: few(affected.filter(({ name }) => able.has(name))),
    removal: longest(first, ...more),
    readmission: longest(back, ...others),
  });
}

/** That a real server is in every table again once it works. */
export function inAgain({ host, affected, readmission: within }: Victim): Expectation {
  const condition = { type: 'pool', host, services: affected, are: 'in' } as const;
  return { type: 'state', phase: 'heal', kind: 'return', condition, within };
}

function serversOn(service: VirtualService, host: string): RealServer[] {
  return service.realServers.filter((one) => one.host === host);
}

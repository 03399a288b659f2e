import type { Result } from '../../result.ts';
import { err, ok } from '../../result.ts';
import type { Cluster, VirtualService } from '../../inventory/cluster.ts';
import { askingOf } from '../../verify/asking.ts';
import { stepsOn, type Drill, type DrillContext, type Expectation, type Setup } from '../drill.ts';
import { stopUnit } from '../faults/service.ts';
import { asked, none } from '../masters.ts';
import { inAgain, strike, type Victim } from '../servers.ts';
import { longest, type Bound } from '../timers.ts';

/** Every real server of a service is down: the sorry server has to stand in the table, alone. */
export const allRealServers: Drill = {
  name: 'all-real-servers',
  title: 'every real server of a service is down: the sorry server answers',

  prepare(context) {
    const service = asked(context.cluster).find(({ sorryServer }) => sorryServer !== undefined);
    if (service === undefined) return err('no service has a sorry server');
    const struck = service.realServers.map((server) => strike(context, server));
    const failed = struck.find((one) => !one.ok);
    if (failed?.ok === false) return failed;
    const victims = struck.flatMap((one) => (one.ok ? [one.value] : []));
    const affected = [...new Set(victims.flatMap((victim) => victim.affected))];
    const bare = affected.find(({ sorryServer }) => sorryServer === undefined);
    if (bare) return err(`${bare.name} is served by the same hosts and has no sorry server: it would be down`);
    return setup(context, service, victims, affected);
  },
};

function setup(
  { cluster }: DrillContext,
  service: Setup['services'][number],
  victims: readonly Victim[],
  affected: Setup['services'],
): Result<Setup, string> {
  const most = (bounds: readonly Bound[]): Bound => longest(none(''), ...bounds);
  const removal = most(victims.map((one) => one.removal));
  const distinct = victims.filter(({ host }, index) => victims.findIndex((one) => one.host === host) === index);
  return ok({
    acts: [
      {
        text: `${service.name} has no real server left`,
        faults: distinct.map(({ host, unit }) => stepsOn(host, [stopUnit(cluster, host, unit)])),
        until: undefined,
      },
    ],
    services: [service],
    hold: removal.seconds + 2,
    expectations: [
      ...affected.map((one): Expectation => ({
        type: 'state',
        phase: 'fault',
        kind: 'takeover',
        condition: { type: 'sorry', service: one },
        within: removal,
      })),
      ...answers(cluster, service),
      ...distinct.map(inAgain),
    ],
  });
}

/**
 * That users get an answer again; expected of a site of lvsctl alone, since the status that another sorry server answers with is its own affair. When
 * real servers come back, requests on their way to the sorry server are cut: it is taken out of the table.
 */
function answers({ sites }: Cluster, service: VirtualService): Expectation[] {
  const { sorryServer: sorry } = service;
  const asking = askingOf(service);
  const path = asking?.by === 'page' ? asking.path : undefined;
  const sound = sites.some(
    ({ port, hosts, healthPath, body }) =>
      port === sorry?.port &&
      hosts.some((host) => host === sorry.host) &&
      // A line of text is the answer to every path.
      (body !== undefined || healthPath === path),
  );
  if (!sound) return [];
  const since = { type: 'sorry', service } as const;
  return [{ type: 'no-failure', service: service.name, since, until: 'heal', text: 'once the sorry server is there' }];
}

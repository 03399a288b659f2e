import type { Leftover } from '../../manifest/manifest.ts';
import type { Observation } from '../../observe/observe.ts';
import type { Survey } from '../../observe/survey.ts';
import { makePlan, type Plan } from '../../plan/plan.ts';
import type { RemovalOptions } from '../../plan/removal.ts';
import { savePlan } from '../../plan/saved.ts';
import { lookForRemains, remainsSections, type Remains } from '../../plan/remains.ts';
import { applyText } from '../../report/failures.ts';
import { count, planText } from '../../report/plan.ts';
import { remainsText } from '../../report/remains.ts';
import type { DesiredHost } from '../../roles/index.ts';
import { changeHosts, codeOf, wentWell, type Held } from '../change-hosts.ts';
import { confirmed } from '../confirm.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { desiredHosts, withHosts, type House } from '../house.ts';

/** What `teardown` takes besides the flags of every command. */
export interface TeardownFlags extends GlobalFlags {
  /** Packages that lvsctl installed go as well. */
  readonly packages: boolean;
}

/**
 * `lvsctl teardown`: takes away what lvsctl put on the hosts, puts back what it had replaced, and looks again whether anything of
 * it is left. It goes the way of an apply, with nothing wished: what a host's manifest holds is all that is touched.
 */
export function teardown(terminal: Terminal, flags: TeardownFlags): Promise<number> {
  return withHosts(terminal, flags, async (house) => {
    const { cluster, hosts, out } = house;
    const nothing = desiredHosts(cluster, hosts).map((one): DesiredHost => ({ ...one, resources: [] }));
    const options = {
      command: 'teardown',
      refusal: 'Nothing was changed on any host. --limit goes on without some of them.',
      despiteProblems: true,
    };
    return changeHosts(house, nothing, options, async (held) => {
      const { observations } = held.found;
      const removal: RemovalOptions = { packages: flags.packages ? 'remove' : 'forget' };
      const plan = makePlan(cluster, nothing, observations, removal);
      if (!flags.json) {
        for (const line of planText(plan, out.style)) out.line(line);
        out.line(`\n${summary(plan, observations)}`);
      }
      if (plan.stages.length > 0 && !(await confirmed(house, 'Take this away?'))) return exit.failed;
      return takeAway(house, held, plan, nothing, removal);
    });
  });
}

const takenAway = { done: 'Taken away.', next: 'Run "lvsctl teardown" again for what is left.' };

async function takeAway(
  house: House,
  { found, carry }: Held,
  plan: Plan,
  nothing: readonly DesiredHost[],
  removal: RemovalOptions,
): Promise<number> {
  const { cluster, out, flags } = house;
  const shown = savePlan(plan, cluster, found.observations);
  const carried = await carry(plan, {
    desired: nothing,
    again: (wish, seen) => makePlan(cluster, [wish], new Map([[seen.host, seen]]), removal),
  });
  if (!flags.json && plan.stages.length > 0)
    for (const line of applyText(carried, out.style, takenAway)) out.line(line);
  if (!wentWell(carried)) {
    const { failures, skipped, brokenOff, proofs } = carried;
    if (flags.json) out.json({ ok: false, plan: shown, failures, skipped, brokenOff, proofs, remains: [] });
    return codeOf(carried);
  }
  const remains = await remainsOf(house, nothing, found);
  const ok = remains.every(({ allowed }) => allowed);
  if (flags.json) out.json({ ok, plan: shown, failures: [], skipped: [], remains });
  else for (const line of remainsText(remains, plan.hosts, out.style)) out.line(line);
  return ok ? exit.ok : exit.failed;
}

/** Looks again, on every host at once. */
async function remainsOf(house: House, nothing: readonly DesiredHost[], found: Survey): Promise<readonly Remains[]> {
  const { cluster } = house;
  const lists = await Promise.all(
    nothing.map((one) => {
      const connection = found.connections.get(one.host.name);
      const before: readonly Leftover[] = found.observations.get(one.host.name)?.leftovers ?? [];
      if (!connection) throw new Error(`there is no connection to ${one.host.name}`);
      return lookForRemains(cluster, connection, one, before, remainsSections(cluster, one.host.name));
    }),
  );
  return lists.flat();
}

function summary(plan: Plan, observations: ReadonlyMap<string, Observation>): string {
  const resources = [...observations.values()].map(({ leftovers }) => leftovers.length);
  const total = resources.reduce((sum, one) => sum + one, 0);
  const hosts = resources.filter((one) => one > 0).length;
  if (total === 0) return `Nothing to take away: ${count(plan.hosts.length, 'host')} without anything of lvsctl's.`;
  return `Teardown: ${count(total, 'resource')} on ${count(hosts, 'host')}.`;
}

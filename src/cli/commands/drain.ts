import type { Cluster } from '../../inventory/cluster.ts';
import { selectHosts } from '../../inventory/pattern.ts';
import { drainedSaid, nextWord, shortages, wantedDrained } from '../../plan/drained.ts';
import { allSteps, makePlan, type Plan } from '../../plan/plan.ts';
import { applyText } from '../../report/failures.ts';
import { planText } from '../../report/plan.ts';
import { ref } from '../../resources/resource.ts';
import { keepalivedConfiguration } from '../../roles/director.ts';
import { drainedPath } from '../../roles/director/drained.ts';
import type { DesiredHost } from '../../roles/index.ts';
import { awaitDrained, type DrainState } from '../../ipvs/await-drained.ts';
import { changeHosts, codeOf, wentWell, type Held } from '../change-hosts.ts';
import { confirmed } from '../confirm.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { heedDrained, wishedWith, type Heeded } from '../heed.ts';
import { desiredHosts, withHosts, type House } from '../house.ts';

/** What `drain` takes besides the flags of every command. */
export interface DrainFlags extends GlobalFlags {
  /** Seconds; 0: not waited for. */
  readonly timeout: number;
  /** Goes on where a service is left without enough real servers. */
  readonly force: boolean;
}

/**
 * `lvsctl drain HOST…`: weight 0 for the hosts in every service, on all directors at once and in keepalived's own configuration, so
 * that neither its reload nor its restart nor an apply puts them back; then waits until their connections are gone.
 */
export function drain(terminal: Terminal, flags: DrainFlags, names: readonly string[]): Promise<number> {
  return change(terminal, flags, names, {
    verb: 'drain',
    question: `Drain ${names.join(', ')}?`,
    next: (now, chosen) => [...now, ...chosen.filter((name) => !now.includes(name))],
    refuse: (cluster, drained) => (flags.force ? [] : shortages(cluster, drained)),
    timeout: flags.timeout,
  });
}

/** `lvsctl undrain HOST…`: the weights of the inventory again. */
export function undrain(terminal: Terminal, flags: GlobalFlags, names: readonly string[]): Promise<number> {
  return change(terminal, flags, names, {
    verb: 'undrain',
    question: `Put ${names.join(', ')} back?`,
    next: (now, chosen) => now.filter((name) => !chosen.includes(name)),
    refuse: () => [],
    timeout: undefined,
  });
}

/** In what the two commands differ. */
interface Change {
  readonly verb: 'drain' | 'undrain';
  readonly question: string;
  /** The drained hosts after it. */
  next(now: readonly string[], chosen: readonly string[]): string[];
  /** Why it must not be done. */
  refuse(cluster: Cluster, drained: readonly string[]): readonly string[];
  /** Seconds to wait for connections to end; undefined: there is nothing to wait for. */
  readonly timeout: number | undefined;
}

/** All that a drain touches on a director. */
const touched = new Set([ref('file', keepalivedConfiguration), ref('file', drainedPath)]);

function change(terminal: Terminal, flags: GlobalFlags, names: readonly string[], what: Change): Promise<number> {
  return withHosts(terminal, flags, async (house) => {
    const { cluster, hosts, out } = house;
    const chosen = selectHosts(cluster, names.join(','));
    if (!chosen.ok) {
      out.error(`${names.join(' ')}: ${chosen.error}`);
      return exit.usage;
    }
    const servers = new Set(cluster.services.flatMap(({ realServers }) => realServers.map(({ host }) => host)));
    const others = chosen.value.filter(({ name }) => !servers.has(name)).map(({ name }) => name);
    if (others.length > 0) {
      out.error(`${others.join(', ')}: not behind any service, so that there is nothing to ${what.verb}.`);
      return exit.usage;
    }
    const limited = new Set(hosts.map(({ name }) => name));
    const directors = cluster.hosts.filter(({ name }) => cluster.directors.includes(name) && limited.has(name));
    const desired = desiredHosts(cluster, directors);
    const refusal =
      'Nothing was changed: every director has to know. --limit names those that go on without the others.';
    const command = `${what.verb} ${names.join(' ')}`;
    return changeHosts(house, desired, { command, refusal }, (held) =>
      decide(
        house,
        held,
        what,
        chosen.value.map(({ name }) => name),
        desired,
      ),
    );
  });
}

/** Refuses what must not be done, and does the rest. */
async function decide(
  house: House,
  held: Held,
  what: Change,
  chosen: readonly string[],
  desired: readonly DesiredHost[],
): Promise<number> {
  const { cluster, out } = house;
  const { observations } = held.found;
  const now = heedDrained(cluster, desired, observations);
  const astray = [...allSteps(weightsPlan(now))];
  if (astray.length > 0) {
    for (const { host, step } of astray)
      out.error(`${host}: ${step.resource} is not as the inventory wants it: ${step.summary}`);
    out.error('Nothing was changed: run "lvsctl apply" first, so that only weights change now.');
    return exit.failed;
  }
  const last = wantedDrained(drainedSaid(cluster, observations));
  const next = what.next(last.names, chosen);
  const reasons = what.refuse(cluster, next);
  if (reasons.length > 0) {
    for (const reason of reasons) out.error(reason);
    out.error('Nothing was changed. --force drains all the same.');
    return exit.failed;
  }
  return carryOut(
    house,
    held,
    what,
    chosen,
    wishedWith(cluster, nextWord(last, next, Date.now()), now.desired, now.observations),
  );
}

async function carryOut(
  house: House,
  held: Held,
  what: Change,
  hosts: readonly string[],
  heeded: Heeded,
): Promise<number> {
  const { out, progress, stop, flags } = house;
  const plan = weightsPlan(heeded);
  if (!flags.json) for (const line of planText(plan, out.style)) out.line(line);
  if (plan.stages.length > 0 && !(await confirmed(house, what.question))) return exit.failed;
  const carried = await held.carry(plan, {
    desired: heeded.desired,
    again: (wish, seen) => weightsPlan({ ...heeded, desired: [wish], observations: new Map([[seen.host, seen]]) }),
  });
  if (!wentWell(carried)) {
    const { failures, proofs } = carried;
    if (flags.json) out.json({ ok: false, drained: heeded.cluster.drained, failures, proofs });
    else for (const line of applyText(carried, out.style)) out.line(line);
    return codeOf(carried);
  }
  const state =
    what.timeout === undefined
      ? undefined
      : await awaitDrained(heeded.cluster, hosts, held.found.connections, what.timeout, progress.listen, stop);
  await progress.close();
  if (flags.json) out.json({ ok: state?.done ?? true, drained: heeded.cluster.drained, ...(state ? { state } : {}) });
  else for (const line of told(what, hosts, plan, state)) out.line(line);
  if (stop.aborted) return exit.interrupted;
  return (state?.done ?? true) ? exit.ok : exit.failed;
}

/** The steps that concern weights, on all directors at once: a reload keeps connections. */
export function weightsPlan({ cluster, desired, observations }: Heeded): Plan {
  const service = desired.flatMap(({ resources }) =>
    resources.flatMap((one) =>
      one.resource.kind === 'service' && one.resource.reloadOn.includes(ref('file', keepalivedConfiguration))
        ? [one.ref]
        : [],
    ),
  );
  const concerned = new Set([...touched, ...service]);
  const narrowed = desired.map((one) => ({
    ...one,
    resources: one.resources.filter((placed) => concerned.has(placed.ref)),
  }));
  const seen = new Map([...observations].map(([host, observation]) => [host, { ...observation, leftovers: [] }]));
  const plan = makePlan(cluster, narrowed, seen);
  return { ...plan, stages: plan.stages.map(({ stage, batches }) => ({ stage, batches: [batches.flat()] })) };
}

function told(what: Change, hosts: readonly string[], plan: Plan, state: DrainState | undefined): string[] {
  const where = plan.hosts.join(', ');
  const names = hosts.join(', ');
  const plural = hosts.length > 1 ? 'are' : 'is';
  if (state === undefined) return [`${names} ${plural} back, with the weights of the inventory on ${where}.`];
  if (state.weighted.length > 0) {
    return [`${names}: the weight is not 0 yet in ${state.weighted.join(', ')}.`];
  }
  if (state.done)
    return [`${names} ${plural} drained on ${where}: no connection is left (${state.seconds.toFixed(1)} s).`];
  if (what.timeout === 0) return [`${names} ${plural} drained on ${where}. ${state.active} connections go on.`];
  return [
    `${names} ${plural} drained on ${where}, and after ${what.timeout ?? 0} s ${state.active} connections still go on.`,
    'They get no new ones. Wait for them with "lvsctl drain" again and a longer --timeout, or put the host back with "lvsctl undrain".',
  ];
}

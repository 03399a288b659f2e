import { setTimeout as pause } from 'node:timers/promises';
import { applyPlan, type ApplyResult } from '../apply/apply.ts';
import type { HostFailure } from '../apply/failure.ts';
import type { Holder } from '../apply/lock.ts';
import { takeLocks, type Locks, type LockTrouble } from '../apply/locks.ts';
import type { RollingGiven } from '../apply/rolling/given.ts';
import type { Run } from '../apply/run.ts';
import { newRunId } from '../apply/run-folder.ts';
import type { Listener } from '../events.ts';
import { openJournal, type Journal } from '../journal/journal.ts';
import type { Section } from '../observe/frame.ts';
import { observe, type Observation } from '../observe/observe.ts';
import type { Survey } from '../observe/survey.ts';
import { notAsBefore } from '../plan/as-it-was.ts';
import type { Plan } from '../plan/plan.ts';
import { savePlan } from '../plan/saved.ts';
import { troubleText, type Proof } from '../report/failures.ts';
import { brokenOffText } from '../report/under-way.ts';
import type { DesiredHost } from '../roles/index.ts';
import { exit } from './context.ts';
import type { House } from './house.ts';
import { whoRuns } from './report-file.ts';
import { surveyHosts, type SurveyOptions } from './survey-hosts.ts';

/** Hosts that are locked and were looked at. */
export interface Held {
  readonly found: Survey;
  /** What it takes to change them in another way than by a plan. */
  readonly run: Run;
  /** Carries a plan out; what was undone on a host is looked at again. */
  readonly carry: (plan: Plan, given: Given) => Promise<Carried>;
}

/** What a plan was made of, so that it can be made again of how a host was found later. */
export interface Given {
  readonly desired: readonly DesiredHost[];
  readonly extra?: readonly Section[];
  readonly again: (wish: DesiredHost, seen: Observation) => Plan;
  /** What it takes to change hosts while traffic goes on. */
  readonly rolling?: RollingGiven;
}

/** How carrying out a plan ended. */
export interface Carried extends ApplyResult {
  /** Hosts that failed, and whether they are as they were. */
  readonly proofs: readonly Proof[];
  /** Somebody broke a lock meanwhile. */
  readonly lost: LockTrouble | undefined;
}

/** What a command adds to {@link changeHosts}. */
export interface ChangeOptions extends SurveyOptions {
  /** What was asked for, for others who find the lock: `apply`, `drain web1`. */
  readonly command: string;
}

/**
 * Takes the locks of hosts, looks at them, and does something with what was found; the locks are given back however it ends. The exit
 * code is that of the action, or what follows from hosts that cannot be had, after saying why.
 */
export async function changeHosts(
  house: House,
  desired: readonly DesiredHost[],
  options: ChangeOptions,
  action: (held: Held) => Promise<number>,
): Promise<number> {
  const { out, progress, stop, terminal, flags } = house;
  const holder = holderOf(options.command);
  const journal = openJournal(terminal.env, holder, house.cluster.name);
  for (const problem of journal.problems) out.error(`${out.errorStyle('warn', '!')} ${problem}`);
  const listen: Listener = (event) => {
    progress.listen(event);
    journal.listen(event);
  };
  let locks: Locks | undefined;
  let troubles: readonly LockTrouble[] = [];
  const before: NonNullable<SurveyOptions['before']> = async (connections) => {
    const taken = await takeLocks(connections, { holder, wait: flags.lockWait ?? 0, listen, signal: stop, pause });
    if (taken.ok) locks = taken.value;
    else troubles = taken.error;
    return taken.ok;
  };
  let code: number = exit.failed;
  try {
    const found = await surveyHosts(house, desired, { ...options, before });
    for (const trouble of troubles) for (const line of troubleText(trouble, out.errorStyle)) out.error(line);
    if (troubles.length > 0) out.error('Nothing was changed on any host.');
    if (locks)
      for (const [host, runs] of locks.brokenOff)
        for (const line of brokenOffText(host, runs, out.errorStyle)) out.error(line);
    if (!found.ok) code = found.error;
    else if (locks) code = await action(heldBy(house, holder, locks, found.value, listen, journal));
    return code;
  } finally {
    await locks?.release();
    journal.close(code);
  }
}

function heldBy(house: House, holder: Holder, locks: Locks, found: Survey, listen: Listener, journal: Journal): Held {
  const run: Run = {
    holder,
    connections: found.connections,
    listen,
    signal: AbortSignal.any([house.stop, locks.lost]),
    reconnect: house.reconnect,
    wait: pause,
  };
  return {
    found,
    run,
    carry: async (plan, given) => {
      journal.plan(savePlan(plan, house.cluster, found.observations));
      const result = await applyPlan(plan, { ...run, rolling: given.rolling });
      const proofs = await Promise.all(result.failures.map((failure) => prove(house, failure, plan, given)));
      await house.progress.close();
      const lost = locks.lost.aborted ? (locks.lost.reason as LockTrouble) : undefined;
      const { out } = house;
      if (lost) for (const line of troubleText(lost, out.errorStyle)) out.error(line);
      journal.result({ ...result, proofs });
      return { ...result, interrupted: house.stop.aborted, proofs, lost };
    },
  };
}

/** Looks at a host that failed, over a fresh connection, and plans again; that what is kept stays was said already. */
async function prove(
  house: House,
  { host, kept }: HostFailure,
  plan: Plan,
  { desired, extra = [], again }: Given,
): Promise<Proof> {
  const wish = desired.find((one) => one.host.name === host);
  const fresh = wish && (await house.reconnect(host));
  if (!wish || !fresh?.ok) return { host, differs: undefined };
  const seen = await observe(fresh.value, wish, extra);
  fresh.value.close();
  if (!seen.ok) return { host, differs: undefined };
  const differs = notAsBefore(host, plan, again(wish, seen.value));
  return { host, differs: differs.filter((ref) => !kept.includes(ref)) };
}

function holderOf(command: string): Holder {
  return {
    run: newRunId(),
    by: whoRuns(),
    pid: process.pid,
    command: command.slice(0, 200),
    since: new Date().toISOString(),
  };
}

/** Whether all was done that a plan said. */
export function wentWell({ failures, interrupted, lost }: Carried): boolean {
  return failures.length === 0 && !interrupted && lost === undefined;
}

/** The exit code after a plan that was not carried out to its end. */
export function codeOf(carried: Carried): number {
  return wentWell(carried) ? exit.ok : carried.interrupted ? exit.interrupted : exit.failed;
}

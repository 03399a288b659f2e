import { readFile } from 'node:fs/promises';
import { departedHosts } from '../../plan/departed.ts';
import { drainedSaid } from '../../plan/drained.ts';
import { makePlan, type Plan } from '../../plan/plan.ts';
import { readPlan, savePlan, staleness, type SavedPlan } from '../../plan/saved.ts';
import { applyText } from '../../report/failures.ts';
import { findingsDocument, findingsText } from '../../report/findings.ts';
import { departedText } from '../../report/departed.ts';
import { drainedText } from '../../report/drained.ts';
import { planSummary, planText } from '../../report/plan.ts';
import { changeHosts, codeOf, wentWell, type Held } from '../change-hosts.ts';
import { confirmed } from '../confirm.ts';
import { exit, type GlobalFlags, type Output, type Terminal } from '../context.ts';
import type { DesiredHost } from '../../roles/index.ts';
import { heedDrained, type Heeded } from '../heed.ts';
import { desiredInTurns, withHosts, type House } from '../house.ts';
import { giveReports } from '../report-file.ts';
import { withDirectors, withRollout, type RolloutFlags } from '../rollout-flags.ts';
import { realTime } from '../../verify/time.ts';
import { proveCluster, settlingTime } from './verify.ts';

/** `lvsctl apply [PLAN]`: plan, confirm, apply, verify. */
export async function apply(terminal: Terminal, flags: GlobalFlags & RolloutFlags, planFile?: string): Promise<number> {
  return withHosts(terminal, flags, async (given) => {
    const cluster = withRollout(given.cluster, flags);
    const house = { ...given, cluster };
    const { hosts, out } = house;
    const saved = planFile === undefined ? undefined : await openPlan(planFile, out);
    if (saved === false) return exit.failed;
    const names = saved && new Set(saved.hosts.map(({ name }) => name));
    const chosen = hosts.filter(({ name }) => names?.has(name) ?? true);
    const desired = await desiredInTurns(cluster, withDirectors(cluster, chosen));
    const changed = new Set(chosen.map(({ name }) => name));
    const refusal = 'Nothing was changed on any host. --limit goes on without some of them.';
    return changeHosts(house, desired, { command: 'apply', refusal }, (held) =>
      decide(house, held, { desired, changed }, saved, planFile),
    );
  });
}

/** Hosts that are looked at, and those of them that are changed: the others are directors that drain real servers. */
interface Wishes {
  readonly desired: readonly DesiredHost[];
  readonly changed: ReadonlySet<string>;
}

function changedOnly(desired: readonly DesiredHost[], { changed }: Wishes): readonly DesiredHost[] {
  return desired.filter(({ host }) => changed.has(host.name));
}

async function decide(
  house: House,
  held: Held,
  wishes: Wishes,
  saved: SavedPlan | undefined,
  planFile = '',
): Promise<number> {
  const { cluster, out, flags } = house;
  const heeded = heedDrained(cluster, wishes.desired, held.found.observations);
  const plan = makePlan(heeded.cluster, changedOnly(heeded.desired, wishes), heeded.observations);
  const stale = saved ? staleness(saved, savePlan(plan, cluster, heeded.observations, saved.salt)) : [];
  if (stale.length > 0) return refuse(planFile, stale, out);
  if (!flags.json) {
    if (!saved) for (const line of planText(plan, out.style)) out.line(line);
    out.line(`\n${planSummary(plan)}`);
    for (const line of drainedText(heeded.cluster, drainedSaid(cluster, held.found.observations).byRun)) out.line(line);
    for (const line of departedText(departedHosts(cluster, heeded.observations))) out.line(line);
  }
  if (plan.stages.length > 0 && !(await confirmed(house, 'Apply this?'))) return exit.failed;
  return carryOut(house, held, plan, heeded, wishes);
}

async function carryOut(house: House, held: Held, plan: Plan, heeded: Heeded, wishes: Wishes): Promise<number> {
  const { cluster, out, progress, flags, stop } = house;
  const { connections } = held.found;
  const shown = savePlan(plan, cluster, heeded.observations);
  const carried = await held.carry(plan, {
    desired: heeded.desired,
    again: (wish, seen) => makePlan(heeded.cluster, [wish], new Map([[seen.host, seen]])),
    rolling: { ...heeded, settle: settlingTime(cluster), time: realTime },
  });
  if (!flags.json && plan.stages.length > 0) for (const line of applyText(carried, out.style)) out.line(line);
  if (!wentWell(carried)) {
    const { failures, skipped, brokenOff, proofs } = carried;
    if (flags.json) out.json({ ok: false, plan: shown, failures, skipped, brokenOff, proofs });
    await giveReports(house, 'apply', { change: { plan, ...carried } });
    return codeOf(carried);
  }
  const patience = plan.stages.length > 0 ? settlingTime(cluster) : 0;
  const desired = changedOnly(wishes.desired, wishes);
  const report = await proveCluster({ cluster, desired, connections, listen: progress.listen, signal: stop, patience });
  await progress.close();
  if (flags.json)
    out.json({ ok: report.ok, plan: shown, failures: [], skipped: [], verification: findingsDocument(report) });
  else for (const line of findingsText(report, out.style, { verbose: flags.verbose })) out.line(line);
  await giveReports(house, 'apply', { change: { plan, ...carried }, verification: report });
  if (report.interrupted) return exit.interrupted;
  return report.ok ? exit.ok : exit.failed;
}

/** Reads a saved plan; false, after saying why, when it is none. */
async function openPlan(file: string, out: Output): Promise<SavedPlan | false> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    out.error(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
    return false;
  }
  const read = readPlan(text);
  if (read.ok) return read.value;
  out.error(`${file}: ${read.error}`);
  return false;
}

function refuse(file: string, reasons: readonly string[], out: Output): number {
  out.error(`${out.errorStyle('bad', '✖')} ${file} is out of date: applying it would no longer do what it shows.`);
  for (const reason of reasons) out.error(`    ${reason}`);
  out.error('Nothing was changed. Make a new one with "lvsctl plan -o FILE".');
  return exit.failed;
}

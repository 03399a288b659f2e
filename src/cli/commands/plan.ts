import { replaceFile } from '../../replace-file.ts';
import { readUnderWay, underWaySection } from '../../apply/under-way.ts';
import type { Listener } from '../../events.ts';
import type { Recorder } from '../../profile/recorder.ts';
import { survey } from '../../observe/survey.ts';
import { departedHosts } from '../../plan/departed.ts';
import { drainedSaid } from '../../plan/drained.ts';
import { allSteps, arrangePlan, planHost } from '../../plan/plan.ts';
import { savePlan } from '../../plan/saved.ts';
import { departedText } from '../../report/departed.ts';
import { drainedText } from '../../report/drained.ts';
import { planSummary, planText } from '../../report/plan.ts';
import { underWayText } from '../../report/under-way.ts';
import { withRollout, type RolloutFlags } from '../rollout-flags.ts';
import { inTurns } from '../../turns.ts';
import { exit, Output, type GlobalFlags, type Terminal } from '../context.ts';
import { heedDrained } from '../heed.ts';
import { reportTroubles, wishing, withHosts, type House } from '../house.ts';
import { unwritable } from '../report-file.ts';

/** What `lvsctl plan` takes besides. */
interface PlanFlags extends GlobalFlags, RolloutFlags {
  /** File to save the plan in. */
  readonly out?: string | undefined;
  readonly exitCode: boolean;
  /** Say where the time went, and write a trace of it into this file unless it is empty. */
  readonly profile?: string | undefined;
}

/** `lvsctl plan`: what an apply would do, with diffs; nothing is changed. */
export async function plan(terminal: Terminal, flags: PlanFlags): Promise<number> {
  const { profile: trace } = flags;
  if (trace === undefined) return withHosts(terminal, flags, (house) => planHosts(house, flags));
  const out = new Output(terminal, flags);
  const problem = trace === '' ? undefined : await unwritable(trace);
  if (problem !== undefined) {
    out.error(`${trace} cannot be written: ${problem}`);
    return exit.usage;
  }
  const { giveProfile, startProfile } = await import('../profile.ts');
  const profile = startProfile();
  profile.enter('inventory');
  const code = await withHosts(terminal, flags, async (house) => {
    try {
      return await planHosts(house, flags, profile);
    } finally {
      profile.enter('close');
    }
  });
  await giveProfile(profile, trace, out);
  return code;
}

async function planHosts(
  { cluster: given, hosts, out, progress, connect, release, stop }: House,
  flags: PlanFlags,
  profile?: Recorder,
): Promise<number> {
  profile?.enter('hosts');
  const cluster = withRollout(given, flags);
  const listen: Listener = (event) => {
    profile?.listen(event);
    progress.listen(event);
  };
  const found = await survey(wishing(cluster, hosts), connect, listen, {
    signal: stop,
    release,
    extra: () => [underWaySection],
  });
  await progress.close();
  if (stop.aborted) return exit.interrupted;
  profile?.enter('diff');
  const heeded = heedDrained(cluster, found.desired, found.observations);
  const perHost = await inTurns(heeded.desired, (one) => planHost(one, heeded.observations) ?? []);
  const made = arrangePlan(heeded.cluster, perHost.flat(), heeded.observations);
  // Its digests are worth their time only to somebody who gets to see them.
  const saved = flags.json || flags.out !== undefined ? savePlan(made, cluster, heeded.observations) : undefined;
  profile?.enter('render');
  for (const [host, { extra }] of found.observations)
    for (const line of underWayText(host, readUnderWay(extra.get(underWaySection.name)?.output ?? ''), out.errorStyle))
      out.error(line);
  const trouble = reportTroubles(found, out);
  if (flags.json)
    out.json({
      ...saved,
      summary: planSummary(made),
      departed: departedHosts(cluster, heeded.observations),
      unreachable: found.unreachable,
    });
  else if (made.hosts.length > 0) {
    for (const line of planText(made, out.style)) out.line(line);
    out.line(`\n${planSummary(made)}`);
    for (const line of drainedText(heeded.cluster, drainedSaid(cluster, found.observations).byRun)) out.line(line);
    for (const line of departedText(departedHosts(cluster, heeded.observations))) out.line(line);
  }
  if (trouble !== undefined) {
    const missing = hosts.filter(({ name }) => !made.hosts.includes(name)).map(({ name }) => name);
    if (missing.length > 0) out.error(`The plan is not complete: it is without ${missing.join(', ')}.`);
    if (flags.out !== undefined) out.error(`${flags.out} is not written.`);
    return trouble;
  }
  if (flags.out !== undefined && saved !== undefined) {
    await replaceFile(flags.out, `${JSON.stringify(saved, undefined, 2)}\n`, 0o600);
    out.error(`The plan is in ${flags.out}: "lvsctl apply ${flags.out}" does just that, or refuses.`);
  }
  const changes = [...allSteps(made)].length > 0;
  return flags.exitCode && changes ? exit.changes : exit.ok;
}

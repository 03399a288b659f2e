import { replaceFile } from '../../replace-file.ts';
import { readUnderWay, underWaySection } from '../../apply/under-way.ts';
import { survey } from '../../observe/survey.ts';
import { departedHosts } from '../../plan/departed.ts';
import { drainedSaid } from '../../plan/drained.ts';
import { allSteps, makePlan } from '../../plan/plan.ts';
import { savePlan } from '../../plan/saved.ts';
import { departedText } from '../../report/departed.ts';
import { drainedText } from '../../report/drained.ts';
import { planSummary, planText } from '../../report/plan.ts';
import { underWayText } from '../../report/under-way.ts';
import { withRollout, type RolloutFlags } from '../rollout-flags.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { heedDrained } from '../heed.ts';
import { desiredHosts, reportTroubles, withHosts } from '../house.ts';

/** `lvsctl plan`: what an apply would do, with diffs; nothing is changed. */
export function plan(
  terminal: Terminal,
  flags: GlobalFlags & RolloutFlags & { readonly out?: string | undefined; readonly exitCode: boolean },
): Promise<number> {
  return withHosts(terminal, flags, async ({ cluster: given, hosts, out, progress, connect, stop }) => {
    const cluster = withRollout(given, flags);
    const desired = desiredHosts(cluster, hosts);
    const found = await survey(desired, connect, progress.listen, { signal: stop, extra: () => [underWaySection] });
    await progress.close();
    if (stop.aborted) return exit.interrupted;
    const heeded = heedDrained(cluster, desired, found.observations);
    const made = makePlan(heeded.cluster, heeded.desired, heeded.observations);
    const saved = savePlan(made, cluster, heeded.observations);
    for (const [host, { extra }] of found.observations)
      for (const line of underWayText(
        host,
        readUnderWay(extra.get(underWaySection.name)?.output ?? ''),
        out.errorStyle,
      ))
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
    if (flags.out !== undefined) {
      await replaceFile(flags.out, `${JSON.stringify(saved, undefined, 2)}\n`, 0o600);
      out.error(`The plan is in ${flags.out}: "lvsctl apply ${flags.out}" does just that, or refuses.`);
    }
    const changes = [...allSteps(made)].length > 0;
    return flags.exitCode && changes ? exit.changes : exit.ok;
  });
}

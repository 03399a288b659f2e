import { hostname, userInfo } from 'node:os';
import { drills as allDrills } from '../../drill/drills/index.ts';
import type { Drill, DrillContext } from '../../drill/drill.ts';
import { meansSection, readMeans } from '../../drill/means.ts';
import { Places } from '../../drill/places.ts';
import { drillReportVersion, type DrillReport, type DrillResult } from '../../drill/result.ts';
import { hostsOf, runDrill } from '../../drill/run.ts';
import { survey, type Survey } from '../../observe/survey.ts';
import { drainedSaid, nextWord } from '../../plan/drained.ts';
import { drillText, preparedText } from '../../report/rehearsal.ts';
import { findingsText } from '../../report/findings.ts';
import { ok as fine } from '../../result.ts';
import type { DesiredHost } from '../../roles/index.ts';
import { runLocal } from '../../verify/local.ts';
import { realTime } from '../../verify/time.ts';
import type { VerifyReport } from '../../verify/verify.ts';
import { changeHosts, type Held } from '../change-hosts.ts';
import { confirmed } from '../confirm.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { wishedWith } from '../heed.ts';
import { desiredHosts, withHosts, type House } from '../house.ts';
import { labAround, labPower } from '../lab-power.ts';
import { giveReports } from '../report-file.ts';
import { surveyHosts } from '../survey-hosts.ts';
import { weightsPlan } from './drain.ts';
import { proveCluster, settlingTime } from './verify.ts';

/** What `drill` takes besides the flags of every command. */
export interface DrillFlags extends GlobalFlags {
  readonly all: boolean;
  readonly dryRun: boolean;
}

/** `lvsctl drill`: breaks things on purpose, measures what users notice, and puts everything back. */
export function drill(terminal: Terminal, flags: DrillFlags, names: readonly string[]): Promise<number> {
  return withHosts(terminal, flags, async (house) => {
    const { out, cluster } = house;
    const chosen = choose(names, flags.all);
    if (typeof chosen === 'string') {
      out.error(chosen);
      return exit.usage;
    }
    if (flags.limit !== undefined) {
      out.error('drill looks at the whole cluster before and after: it takes no --limit.');
      return exit.usage;
    }
    const desired = desiredHosts(cluster, cluster.hosts);
    const refusal = 'Nothing was broken: a drill begins with a cluster that is whole.';
    if (flags.dryRun) return foretell(house, desired, chosen, flags);
    const command = `drill ${chosen.map(({ name }) => name).join(' ')}`;
    return changeHosts(house, desired, { command, refusal, extra: [meansSection] }, (held) =>
      rehearse(house, held, desired, chosen, flags),
    );
  });
}

/** The drills that are asked for, or what is wrong with the question. */
function choose(names: readonly string[], all: boolean): readonly Drill[] | string {
  const known = allDrills.map(({ name, title }) => `  ${name.padEnd(18)} ${title}`);
  if (all && names.length > 0) return 'Either --all or names of drills, not both.';
  if (all) return allDrills;
  if (names.length === 0) return ['Which drill? --all is every one of these:', ...known].join('\n');
  const unknown = names.filter((name) => !allDrills.some((one) => one.name === name));
  if (unknown.length > 0) return [`There is no drill ${unknown.join(', ')}:`, ...known].join('\n');
  return allDrills.filter(({ name }) => names.includes(name));
}

/** Says what would be done; no host is changed. */
async function foretell(
  house: House,
  desired: readonly DesiredHost[],
  chosen: readonly Drill[],
  flags: DrillFlags,
): Promise<number> {
  const { out } = house;
  const found = await surveyHosts(house, desired, { extra: [meansSection] });
  if (!found.ok) return found.error;
  const context = contextOf(house, desired, found.value);
  const prepared = chosen.map((one) => ({ one, setup: one.prepare(context) }));
  if (flags.json) {
    const drills = prepared.map(({ one: { name, title }, setup }) =>
      setup.ok ? { name, title, hosts: hostsOf(setup.value), ...setup.value } : { name, title, refused: setup.error },
    );
    out.json({ dryRun: true, drills: drills.map((one) => JSON.parse(JSON.stringify(one, withoutSteps)) as unknown) });
  } else for (const { one, setup } of prepared) for (const line of preparedText(one, setup, out.style)) out.line(line);
  return exit.ok;
}

/** Scripts and whole services are nobody's concern in a document. */
function withoutSteps(key: string, value: unknown): unknown {
  if (key === 'steps')
    return (value as { resource: string; summary: string }[]).map(({ resource, summary }) => `${resource}: ${summary}`);
  if (key === 'services') return (value as { name: string }[]).map(({ name }) => name);
  return key === 'service' && typeof value === 'object' ? (value as { name: string }).name : value;
}

async function rehearse(
  house: House,
  held: Held,
  desired: readonly DesiredHost[],
  chosen: readonly Drill[],
  flags: DrillFlags,
): Promise<number> {
  const { out, terminal, cluster, stop } = house;
  const isLab = labAround(terminal.env) !== undefined;
  const question = `Break ${cluster.name} on purpose (${chosen.map(({ name }) => name).join(', ')})? Users may notice.`;
  if (!isLab && !(await confirmed(house, question))) return exit.failed;
  const started = new Date().toISOString();
  const places = new Places(held.run);
  const results: DrillResult[] = [];
  let before: VerifyReport = await prove(house, desired, places);
  if (!before.ok && !before.interrupted) {
    for (const line of findingsText(before, out.errorStyle, { verbose: false })) out.error(line);
    out.error('Nothing was broken: a drill begins with a cluster that is whole. "lvsctl apply" first.');
  }
  for (const one of chosen) {
    const result: DrillResult =
      before.ok && !stop.aborted
        ? await rehearseOne(house, held, desired, one, places)
        : refused(one, [
            stop.aborted ? 'interrupted before it began' : 'the cluster is not whole: see "lvsctl verify"',
          ]);
    if (result.restored !== undefined) {
      // What was broken is judged by what is left of it, and the next drill begins with that.
      before = { ...before, ok: result.restored };
    }
    held.run.listen({
      type: 'drilled',
      drill: one.name,
      status: result.status,
      reasons: result.reasons,
      measures: result.measures,
    });
    results.push(result);
  }
  await house.progress.close();
  const bad = results.some(
    ({ status }) => status === 'failed' || status === 'interrupted' || (status === 'refused' && !flags.all),
  );
  const report: DrillReport = {
    version: drillReportVersion,
    cluster: cluster.name,
    inventory: cluster.inventory.digest,
    started,
    by: `${userInfo().username}@${hostname()}`,
    ok: before.ok && !bad && results.some(({ status }) => status === 'passed'),
    interrupted: stop.aborted,
    drills: results,
  };
  if (flags.json) out.json(report);
  else for (const line of drillText(report, out.style)) out.line(line);
  await giveReports(house, 'drill', { drills: report, verification: before });
  if (stop.aborted) return exit.interrupted;
  return report.ok ? exit.ok : exit.failed;
}

/** One drill: how the hosts are now, what it means for them, and whether all is as it was afterwards. */
async function rehearseOne(
  house: House,
  held: Held,
  desired: readonly DesiredHost[],
  one: Drill,
  places: Places,
): Promise<DrillResult> {
  const { cluster, terminal, stop } = house;
  const found = await look(desired, places);
  if (found.observations.size < desired.length) return refused(one, ['not every host could be asked']);
  const drained = drainedSaid(cluster, found.observations).names;
  if (drained.length > 0) return refused(one, [`${drained.join(', ')} is drained: redundancy is not whole`]);
  const setup = one.prepare(contextOf(house, desired, found));
  if (!setup.ok) return refused(one, [setup.error]);
  // A host that goes down loses its lock with it: that is no reason to stop.
  const goesDown = setup.value.acts.some(({ faults }) => faults.some((fault) => fault.by === 'power' || fault.boots));
  const result = await runDrill(one, setup.value, {
    cluster,
    run: held.run,
    places,
    runLocal,
    power: labPower(terminal.env),
    stop: goesDown ? stop : held.run.signal,
    time: realTime,
  });
  const after = await prove(house, desired, places, settlingTime(cluster));
  const failing = after.findings.filter(({ status, severity }) => status === 'failed' && severity !== 'warning');
  const left = failing.map(({ where, title, seen }) => `afterwards: ${where}: ${title}: ${seen}`);
  const restored = after.ok || (after.interrupted && failing.length === 0);
  return {
    ...result,
    restored,
    reasons: [...result.reasons, ...left],
    status: !restored && result.status === 'passed' ? 'failed' : result.status,
  };
}

function refused({ name, title }: Drill, reasons: readonly string[]): DrillResult {
  return {
    name,
    title,
    hosts: [],
    status: 'refused',
    reasons,
    started: new Date().toISOString(),
    duration: 0,
    marks: [],
    measures: [],
    streams: [],
    restored: undefined,
  };
}

function contextOf({ cluster, terminal }: House, desired: readonly DesiredHost[], found: Survey): DrillContext {
  const { observations } = found;
  return {
    cluster,
    observations,
    means: new Map(
      [...observations].map(([host, { extra }]) => [host, readMeans(extra.get(meansSection.name)?.output ?? '')]),
    ),
    isLab: labAround(terminal.env) !== undefined,
    draining: (host) => {
      const word = nextWord(drainedSaid(cluster, observations), [host], Date.now());
      const { stages } = weightsPlan(wishedWith(cluster, word, desired, observations));
      return stages.flatMap(({ batches }) => batches.flat());
    },
  };
}

/** Observes every host over the connections that are there; one that broke is made again. */
async function look(desired: readonly DesiredHost[], places: Places): Promise<Survey> {
  await Promise.all(desired.map(({ host }) => places.fresh(host.name)));
  return survey(
    desired,
    async (hosts, onResult) => {
      for (const { name } of hosts) {
        const connection = places.get(name);
        if (connection) onResult(name, fine(connection));
      }
      return Promise.resolve();
    },
    () => undefined,
    { extra: () => [meansSection] },
  );
}

/** Whether the cluster is whole: the plan is empty, and verify holds. */
async function prove(
  { cluster, connect, progress }: House,
  desired: readonly DesiredHost[],
  places: Places,
  patience = 0,
): Promise<VerifyReport> {
  await Promise.all(desired.map(({ host }) => places.fresh(host.name)));
  return proveCluster({
    cluster,
    desired,
    connect,
    connections: places.connections,
    listen: progress.listen,
    patience,
  });
}

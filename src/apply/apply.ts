import { randomBytes } from 'node:crypto';
import { isAborted } from '../aborted.ts';
import type { HostSteps, Plan, PlannedStage } from '../plan/plan.ts';
import type { Step } from '../resources/resource.ts';
import type { Stage } from '../roles/role.ts';
import { confirmStage } from './confirm.ts';
import type { HostFailure, Rejection } from './failure.ts';
import { HostRun, type HostStage } from './host-run.ts';
import { recover } from './recover.ts';
import { mayCutOff } from './risk.ts';
import { Rolling } from './rolling/rolling.ts';
import type { Run } from './run.ts';
import { applyScript } from './script.ts';
import { StageLog } from './stage-log.ts';
import { finishScript } from './undo.ts';

/** How an apply ended. */
export interface ApplyResult {
  /** Steps that were done and stay done; what a failed host keeps stands with its failure. */
  readonly done: readonly { readonly host: string; readonly stage: Stage; readonly step: Step }[];
  readonly failures: readonly HostFailure[];
  /** Stages that were not begun, because of a failure or an interruption before them. */
  readonly skipped: readonly Stage[];
  /** The stage that it happened in, and its hosts that were not begun; undefined: none was left. */
  readonly brokenOff: { readonly stage: Stage; readonly hosts: readonly string[] } | undefined;
  readonly interrupted: boolean;
}

/** Seconds for a stage on a host: packages may come over a slow line. */
const deadlines: Readonly<Record<Stage, number>> = {
  prepare: 600,
  packages: 1800,
  base: 120,
  storage: 300,
  'real-servers': 300,
  directors: 300,
  'remove-directors': 300,
  'remove-real-servers': 300,
  'remove-storage': 300,
  'remove-base': 120,
  'remove-packages': 1800,
};

/** Seconds that a fresh connection has, after a stage that could cut it off. */
const confirmWithin = 45;

/** Seconds for a script that only tidies up. */
const finishDeadline = 30;

/**
 * Does what a plan says: stage after stage, batch after batch, the hosts of a batch at once, one exec a host. A stage that could cut
 * somebody off is confirmed over a fresh connection, or the host takes it back by itself. After a failure the batch comes to its end
 * and nothing more is begun; the host that failed is put back as it was before the run. The signal stops before the next batch.
 */
export async function applyPlan(plan: Plan, run: Run): Promise<ApplyResult> {
  const records = new Map(plan.hosts.map((host) => [host, new HostRun(host)]));
  const failures: HostFailure[] = [];
  const skipped: Stage[] = [];
  const rolling = run.rolling && new Rolling({ ...run.rolling, run, carry: applyPlan });
  let brokenOff: ApplyResult['brokenOff'];
  for (const planned of plan.stages) {
    if (failures.length > 0 || run.signal.aborted) {
      skipped.push(planned.stage);
      continue;
    }
    const all = planned.batches.flat();
    const steps = all.reduce((sum, one) => sum + one.steps.length, 0);
    run.listen({ type: 'stage-started', stage: planned.stage, hosts: all.length, steps });
    const left = await applyStage(planned, records, { ...run, around: rolling }, failures);
    if (left.length > 0) brokenOff = { stage: planned.stage, hosts: left };
    run.listen({ type: 'stage-ended', stage: planned.stage, failed: failures.map(({ host }) => host) });
  }
  await finish(records, run);
  const failed = new Set(failures.map(({ host }) => host));
  const done = plan.hosts.filter((host) => !failed.has(host)).flatMap((host) => records.get(host)?.done ?? []);
  return { done, failures, skipped, brokenOff, interrupted: run.signal.aborted };
}

/** A run with what it does around its batches. */
interface Attended extends Run {
  readonly around: Rolling | undefined;
}

/** Does one stage; gives the hosts of batches that were not begun. */
async function applyStage(
  { stage, batches, maxFail = 0 }: PlannedStage,
  records: ReadonlyMap<string, HostRun>,
  run: Attended,
  failures: HostFailure[],
): Promise<string[]> {
  for (const [number, batch] of batches.entries()) {
    const failed = [...new Set(failures.map(({ host }) => host))];
    const short = failed.length > 0 ? (run.around?.shortage(failed, batch) ?? []) : [];
    if (failed.length > maxFail || short.length > 0 || isAborted(run.signal))
      return batches
        .slice(number)
        .flat()
        .map(({ host }) => host);
    failures.push(...(await applyBatch(stage, batch, records, run)));
  }
  return [];
}

/** Does the steps of a batch while its hosts are out of service, where they have to be. */
async function applyBatch(
  stage: Stage,
  batch: readonly HostSteps[],
  records: ReadonlyMap<string, HostRun>,
  run: Attended,
): Promise<HostFailure[]> {
  const refused = (await run.around?.before(batch)) ?? new Map<string, Rejection>();
  const begun = batch.filter(({ host }) => !refused.has(host));
  const outcomes = await Promise.all(begun.map((one) => applyHost(stage, one, records, run)));
  const failures = outcomes.filter((outcome) => outcome !== undefined);
  const failed = new Set(failures.map(({ host }) => host));
  const kept = (await run.around?.after(begun, failed)) ?? new Map<string, Rejection>();
  const troubles = [...refused, ...kept].map(([host, cause]) =>
    recordOf(records, host).failure(stage, undefined, cause, []),
  );
  for (const failure of troubles) run.listen({ type: 'host-failed', failure });
  return [...failures, ...troubles];
}

async function applyHost(
  stage: Stage,
  one: HostSteps,
  records: ReadonlyMap<string, HostRun>,
  run: Attended,
): Promise<HostFailure | undefined> {
  const record = recordOf(records, one.host);
  const here = record.begin(stage, one.steps);
  const failure = (await doStage(record, here, run)) ?? (await prove(record, here, one, run));
  if (failure) run.listen({ type: 'host-failed', failure });
  else run.listen({ type: 'host-done', stage, host: one.host });
  return failure;
}

/** A host that was changed and does not do its work is taken back. */
async function prove(
  record: HostRun,
  here: HostStage,
  one: HostSteps,
  run: Attended,
): Promise<HostFailure | undefined> {
  const problem = await run.around?.proved(one);
  if (problem === undefined) return undefined;
  if (problem.reason === 'unsound') await recover(record, here, run);
  return record.failure(here.stage, undefined, problem, []);
}

function recordOf(records: ReadonlyMap<string, HostRun>, host: string): HostRun {
  const record = records.get(host);
  if (!record) throw new Error(`the plan does not name ${host} among its hosts`);
  return record;
}

async function doStage(record: HostRun, here: HostStage, run: Run): Promise<HostFailure | undefined> {
  const { stage, steps, position } = here;
  const connection = run.connections.get(record.host);
  if (!connection) throw new Error(`there is no connection to ${record.host}`);
  const guarded = steps.some(mayCutOff);
  const nonce = randomBytes(12).toString('hex');
  const log = new StageLog(record, here, nonce, run.listen);
  const place = { holder: run.holder, stage, position, confirmWithin: guarded ? confirmWithin : undefined };
  const ran = await connection.run(applyScript(steps, nonce, place), {
    deadline: deadlines[stage],
    onLine: (line) => {
      log.line(line);
    },
  });
  if (!ran.ok) {
    const begun = ran.error.reason !== 'sudo-refused' && ran.error.reason !== 'no-shell';
    if (begun) await recover(record, here, run);
    return record.failure(stage, steps[here.begun], ran.error, log.output());
  }
  if (ran.value.code !== 0 || !log.ended || log.failed) {
    const { step, code } = log.failed ?? { step: here.begun, code: ran.value.code ?? 1 };
    // Only a script that comes to its end has undone what there was to undo.
    if (!log.ended && (position > 0 || here.begun >= 0)) await recover(record, here, run);
    return record.failure(stage, steps[step], { code }, log.output(ran.value.stderr));
  }
  const problem = guarded ? await confirmStage(record.host, position, confirmWithin, run) : undefined;
  if (problem === undefined) return undefined;
  await recover(record, here, run);
  return record.failure(stage, undefined, problem, []);
}

/** Ends the run on every host that it changed. What could not be told so is found by the next run. */
async function finish(records: ReadonlyMap<string, HostRun>, run: Run): Promise<void> {
  const touched = [...records.values()].filter(({ stages }) => stages.length > 0);
  await Promise.all(
    touched.map(async ({ host }) => {
      await run.connections.get(host)?.run(finishScript(run.holder.run), { deadline: finishDeadline });
    }),
  );
}

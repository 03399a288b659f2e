import { randomBytes } from 'node:crypto';
import { isAborted } from '../aborted.ts';
import type { Listener } from '../events.ts';
import type { HostFailure } from './failure.ts';
import type { HostSteps, Plan } from '../plan/plan.ts';
import type { Step } from '../resources/resource.ts';
import type { Stage } from '../roles/role.ts';
import type { Connection, RunFailure } from '../ssh/connection.ts';
import { printable } from '../ssh/printable.ts';
import { applyScript, readProgress } from './script.ts';

/** How an apply ended. */
export interface ApplyResult {
  /** Steps that were done and stay done. */
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

/** Output lines of a step that are kept for the end. */
const keptLines = 12;

/**
 * Does what a plan says: stage after stage, batch after batch, the hosts of a batch at once, one exec a host. After a failure
 * the batch comes to its end and nothing more is begun. `signal` stops before the next batch.
 */
export async function applyPlan(
  plan: Plan,
  connections: ReadonlyMap<string, Connection>,
  listen: Listener,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const done: { host: string; stage: Stage; step: Step }[] = [];
  const failures: HostFailure[] = [];
  const skipped: Stage[] = [];
  let brokenOff: ApplyResult['brokenOff'];
  for (const { stage, batches } of plan.stages) {
    if (failures.length > 0 || signal.aborted) {
      skipped.push(stage);
      continue;
    }
    const all = batches.flat();
    listen({
      type: 'stage-started',
      stage,
      hosts: all.length,
      steps: all.reduce((sum, one) => sum + one.steps.length, 0),
    });
    for (const [number, batch] of batches.entries()) {
      if (failures.length > 0 || isAborted(signal)) {
        brokenOff = { stage, hosts: batches.slice(number).flatMap((one) => one.map(({ host }) => host)) };
        break;
      }
      const outcomes = await Promise.all(batch.map((one) => applyHost(stage, one, connections, listen)));
      batch.forEach((one, index) => {
        const outcome = outcomes[index];
        if (outcome) failures.push(outcome);
        else done.push(...one.steps.map((step) => ({ host: one.host, stage, step })));
      });
    }
    listen({ type: 'stage-ended', stage, failed: failures.map(({ host }) => host) });
  }
  return { done, failures, skipped, brokenOff, interrupted: signal.aborted };
}

async function applyHost(
  stage: Stage,
  { host, steps }: HostSteps,
  connections: ReadonlyMap<string, Connection>,
  listen: Listener,
): Promise<HostFailure | undefined> {
  const connection = connections.get(host);
  if (!connection) throw new Error(`there is no connection to ${host}`);
  const nonce = randomBytes(12).toString('hex');
  const log = new StageLog(stage, host, steps, nonce, listen);
  const run = await connection.run(applyScript(steps, nonce), {
    deadline: deadlines[stage],
    onLine: (line) => {
      log.line(line);
    },
  });
  const failure = run.ok ? log.failure(run.value.code ?? 1, run.value.stderr) : log.broken(run.error);
  if (failure) listen({ type: 'host-failed', failure });
  else listen({ type: 'host-done', stage, host });
  return failure;
}

/** Follows the script of one host. */
class StageLog {
  readonly #stage: Stage;
  readonly #host: string;
  readonly #steps: readonly Step[];
  readonly #nonce: string;
  readonly #listen: Listener;
  #current = -1;
  #failed: { step: number; code: number } | undefined;
  #output: string[] = [];
  #ended = false;
  readonly #finished = new Set<number>();
  readonly #undone = new Set<number>();

  constructor(stage: Stage, host: string, steps: readonly Step[], nonce: string, listen: Listener) {
    this.#stage = stage;
    this.#host = host;
    this.#steps = steps;
    this.#nonce = nonce;
    this.#listen = listen;
  }

  line(line: string): void {
    const progress = readProgress(line, this.#nonce);
    const place = { stage: this.#stage, host: this.#host };
    switch (progress?.type) {
      case undefined:
        if (line.trim() !== '' && this.#failed === undefined) {
          this.#output = [...this.#output, printable(line)].slice(-keptLines);
        }
        return;
      case 'start': {
        const step = this.#steps[progress.step];
        this.#current = progress.step;
        this.#output = [];
        if (step) this.#listen({ type: 'step-started', ...place, step });
        return;
      }
      case 'ok': {
        const step = this.#steps[progress.step];
        this.#finished.add(progress.step);
        if (step) this.#listen({ type: 'step-done', ...place, step });
        return;
      }
      case 'failed':
        this.#failed = progress;
        return;
      case 'undone':
        if (progress.code === 0 && this.#steps[progress.step]?.undo !== undefined) this.#undone.add(progress.step);
        return;
      case 'note':
        this.#listen({ type: 'step-note', ...place, text: printable(progress.text) });
        return;
      case 'end':
        this.#ended = true;
        return;
      case 'settled':
      case 'refused':
        return;
    }
  }

  /** The failure, if the script that came to its end was one. */
  failure(code: number, stderr: string): HostFailure | undefined {
    if (code === 0 && this.#ended && this.#failed === undefined) return undefined;
    const errors = printable(stderr).trim().split('\n').filter(Boolean);
    const output = [...this.#output, ...errors].slice(-keptLines);
    return this.#left({ code: this.#failed?.code ?? code }, this.#failed?.step ?? this.#begun(), output);
  }

  /** The failure of a script whose end was not seen: nothing is known to be undone. */
  broken(cause: RunFailure): HostFailure {
    return this.#left(cause, this.#begun(), this.#output);
  }

  /** The step that was begun last. */
  #begun(): number | undefined {
    return this.#current < 0 ? undefined : this.#current;
  }

  #left(cause: HostFailure['cause'], step: number | undefined, output: readonly string[]): HostFailure {
    const touched = this.#steps.flatMap((one, index) =>
      this.#finished.has(index) || index === step ? [{ index, one }] : [],
    );
    // A reload changes nothing by itself; what it took up is listed with its file.
    const changing = touched.filter(({ one }) => one.action !== 'run');
    return {
      host: this.#host,
      stage: this.#stage,
      step: step === undefined ? undefined : this.#steps[step],
      cause,
      output,
      undone: changing.filter(({ index }) => this.#undone.has(index)).map(({ one }) => one.resource),
      kept: changing.filter(({ index }) => !this.#undone.has(index)).map(({ one }) => one.resource),
    };
  }
}

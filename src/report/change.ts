import type { ApplyResult } from '../apply/apply.ts';
import type { HostFailure } from '../apply/failure.ts';
import type { Plan } from '../plan/plan.ts';
import type { Step } from '../resources/resource.ts';
import { alike, count, planSummary } from './plan.ts';

/** A plan, and what came of it. */
export interface ChangeSeen extends Pick<ApplyResult, 'failures' | 'skipped' | 'interrupted' | 'brokenOff'> {
  readonly plan: Plan;
  /** Steps that were done. */
  readonly done: readonly unknown[];
}

/** What an apply changed, as a report says it. It holds no script. */
export interface ChangePart {
  /** What the plan comes to, in a sentence. */
  readonly summary: string;
  readonly stages: readonly {
    readonly stage: string;
    /** Steps that several hosts get alike stand together. */
    readonly groups: readonly { readonly hosts: readonly string[]; readonly steps: readonly StepRow[] }[];
  }[];
  /** Steps that were done and stay done. */
  readonly done: number;
  readonly failures: readonly FailureRow[];
  /** Stages, or hosts of a stage, that were not begun. */
  readonly notBegun: readonly string[];
}

/** See {@link Step}. */
export type StepRow = Pick<Step, 'resource' | 'action' | 'summary' | 'impact'> & { readonly diff: string };

/** See {@link HostFailure}. */
export interface FailureRow {
  readonly host: string;
  readonly stage: string;
  /** Empty: no step. */
  readonly step: string;
  readonly cause: string;
  readonly output: readonly string[];
  readonly undone: readonly string[];
  readonly kept: readonly string[];
}

/** See {@link ChangePart}. Pure. */
export function changeOf({ plan, done, failures, skipped, brokenOff }: ChangeSeen): ChangePart {
  return {
    summary: planSummary(plan),
    stages: plan.stages.map(({ stage, batches }) => ({
      stage,
      groups: alike(batches.flat()).map(({ hosts, steps }) => ({ hosts, steps: steps.map(stepRow) })),
    })),
    done: done.length,
    failures: failures.map(failureRow),
    notBegun: [...(brokenOff ? [`${brokenOff.stage} on ${brokenOff.hosts.join(', ')}`] : []), ...skipped],
  };
}

function stepRow({ resource, action, summary, impact, diff = '' }: Step): StepRow {
  return { resource, action, summary, impact, diff };
}

function failureRow({ host, stage, step, cause, output, undone, kept }: HostFailure): FailureRow {
  return {
    host,
    stage,
    step: step ? `${step.resource}: ${step.summary}` : '',
    cause: 'code' in cause ? `exit code ${cause.code}` : cause.detail,
    output,
    undone,
    kept,
  };
}

/** `12 steps done`, and what failed or was not begun. */
export function changeWords({ done, failures, notBegun }: ChangePart): string {
  return [
    `${count(done, 'step')} done`,
    ...(failures.length > 0 ? [`failed on ${[...new Set(failures.map(({ host }) => host))].join(', ')}`] : []),
    ...(notBegun.length > 0 ? [`not begun: ${notBegun.join(', ')}`] : []),
  ].join('; ');
}

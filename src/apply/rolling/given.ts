import type { Cluster } from '../../inventory/cluster.ts';
import type { Observation } from '../../observe/observe.ts';
import type { Plan } from '../../plan/plan.ts';
import type { DesiredHost } from '../../roles/index.ts';
import type { Time } from '../../verify/time.ts';
import type { ApplyResult } from '../apply.ts';
import type { Rejection } from '../failure.ts';
import type { Run } from '../run.ts';

/** What it takes to keep traffic away from what is being changed. */
export interface RollingGiven {
  /** As the plan has it, and the wishes and observations that it was made of. */
  readonly cluster: Cluster;
  readonly desired: readonly DesiredHost[];
  readonly observations: ReadonlyMap<string, Observation>;
  /** Seconds within which a cluster that was changed comes right. */
  readonly settle: number;
  readonly time: Time;
}

/** The same with the run that it serves, and how a plan is carried out. */
export interface RollingRun extends RollingGiven {
  readonly run: Run;
  readonly carry: (plan: Plan, run: Run) => Promise<ApplyResult>;
}

/** Says why something around a change was not possible. */
export function rejected(reason: Rejection['reason'], detail: string, hint: string): Rejection {
  return { reason, detail, hint };
}

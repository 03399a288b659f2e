import type { Contender, Goal, Measurement, Outcome } from '../contender.ts';
import type { Outcomes } from '../measure.ts';
import { median } from '../statistics.ts';

/** One comparison: ours with another, over the same work. */
export interface Row {
  /** What was compared, for the tables. */
  readonly title: string;
  readonly ours: Contender;
  readonly other: Contender;
  /** Seconds, in the order of the runs. */
  readonly oursSeconds: readonly number[];
  readonly otherSeconds: readonly number[];
  /** Median of the other by median of ours: how many times faster ours is. */
  readonly ratio: number;
  readonly goal: Goal | undefined;
  /** Undefined without a goal. */
  readonly met: boolean | undefined;
}

/** The comparisons of a measurement. */
export function rowsOf({ title, ours, others }: Measurement, outcomes: Outcomes): Row[] {
  const row = (name: string, other: Contender, of: (outcome: Outcome) => number, goal?: Goal): Row => {
    const [oursSeconds, otherSeconds] = [(outcomes.get(ours) ?? []).map(of), (outcomes.get(other) ?? []).map(of)];
    const ratio = median(otherSeconds) / median(oursSeconds);
    return { title: name, ours, other, oursSeconds, otherSeconds, ratio, goal, met: goal && isMet(goal, ratio) };
  };
  return others.flatMap(({ contender, goal, processorTime = false }) => [
    row(title, contender, ({ seconds }) => seconds, goal),
    ...(processorTime
      ? [row(`${title}: processor time here`, contender, ({ processorSeconds }) => processorSeconds)]
      : []),
  ]);
}

function isMet(goal: Goal, ratio: number): boolean {
  return 'faster' in goal ? ratio >= goal.faster : 1 / ratio <= goal.atMost;
}

import type { Contender, Measurement } from '../contender.ts';
import type { Times } from '../measure.ts';
import { median } from '../statistics.ts';

/** One comparison: ours with another, over the same work. */
export interface Row {
  readonly measurement: Measurement;
  readonly ours: Contender;
  readonly other: Contender;
  /** Seconds, in the order of the runs. */
  readonly oursSeconds: readonly number[];
  readonly otherSeconds: readonly number[];
  /** Median of the other by median of ours: how many times faster ours is. */
  readonly ratio: number;
  readonly goal: number | undefined;
  /** Undefined without a goal. */
  readonly met: boolean | undefined;
}

/** The comparisons of a measurement. */
export function rowsOf(measurement: Measurement, times: Times): Row[] {
  const { ours } = measurement;
  const oursSeconds = times.get(ours) ?? [];
  return measurement.others.map(({ contender: other, goal }) => {
    const otherSeconds = times.get(other) ?? [];
    const ratio = median(otherSeconds) / median(oursSeconds);
    const met = goal === undefined ? undefined : ratio >= goal;
    return { measurement, ours, other, oursSeconds, otherSeconds, ratio, goal, met };
  });
}

import type { DrillResult, Measure, Stream } from '../drill/result.ts';
import { count } from './plan.ts';

/** A duration as people read it: `48 ms`, `1.24 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** What was measured: `1.12 s`, `no request`, `3 requests`. */
export function measured({ measured: value, unit }: Measure): string {
  if (value === undefined) return 'not within the time';
  return quantity(value, unit);
}

/** The bound beside it, `at most` included. */
export function bound({ bound: most, unit }: Measure): string {
  return most === 0 ? 'none' : `at most ${quantity(most, unit)}`;
}

function quantity(value: number, unit: Measure['unit']): string {
  if (unit === 'ms') return duration(value);
  return value === 0 ? 'none' : count(value, 'request');
}

/** What a chart of requests shows, in a sentence. */
export function streamWords({ from, service, destination, sent, failed, gaps, longestGap, interval }: Stream): string {
  const lost = failed === 0 ? 'every one was answered' : `${failed} of them failed`;
  const held = gaps.length === 0 ? '' : `; ${count(gaps.length, 'gap')}, the longest ${duration(longestGap)}`;
  return `${sent} requests from ${from} to ${service} (${destination}), one every ${duration(interval.median)}: ${lost}${held}.`;
}

const words: Readonly<Record<DrillResult['status'], string>> = {
  passed: 'within bounds',
  failed: 'out of bounds',
  refused: 'refused',
  interrupted: 'interrupted',
};

/** How a drill ended, in two words at most. */
export function statusWords({ status }: DrillResult): string {
  return words[status];
}

/** The longest gap that users would have felt in any of the drills, in milliseconds; undefined: none was measured. */
export function longestGap(drills: readonly DrillResult[]): number | undefined {
  const gaps = drills
    .filter(({ status }) => status !== 'refused')
    .flatMap(({ streams }) => streams.map((one) => one.longestGap));
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}

import type { Sample, Stream } from './result.ts';

/** What a series of requests comes to. */
export type Tally = Pick<Stream, 'sent' | 'failed' | 'longestGap' | 'gaps' | 'resolution'> & {
  readonly median: number;
};

/**
 * Counts requests and finds the gaps. A gap reaches from the beginning of the last request that was answered before a failure to the
 * beginning of the first one that was answered after it: what was down at any moment within it is not known to have been down all
 * that time, so that no gap is longer than it is said to be. One that no answer ends reaches to the last request's end.
 *
 * @param samples in the order in which they began.
 */
export function tally(samples: readonly Sample[]): Tally {
  const gaps: { from: number; to: number; failed: number }[] = [];
  let answered: number | undefined;
  let failures = 0;
  let since = 0;
  for (const [at, , ok] of samples) {
    if (ok === 0) {
      if (failures === 0) since = answered ?? at;
      failures += 1;
      continue;
    }
    if (failures > 0) gaps.push({ from: since, to: at, failed: failures });
    failures = 0;
    answered = at;
  }
  const last = samples.at(-1);
  if (failures > 0 && last) gaps.push({ from: since, to: last[0] + last[1], failed: failures });
  const pauses = samples.slice(1).map(([at], index) => at - (samples[index]?.[0] ?? at));
  return {
    sent: samples.length,
    failed: samples.filter(([, , ok]) => ok === 0).length,
    gaps,
    longestGap: Math.max(0, ...gaps.map(({ from, to }) => to - from)),
    resolution: pauses.reduce((most, one) => Math.max(most, one), 0),
    median: [...pauses].sort((a, b) => a - b)[Math.floor(pauses.length / 2)] ?? 0,
  };
}

/** The requests that began in a part of the timeline, its end left out. */
export function within(samples: readonly Sample[], from: number, to: number): Sample[] {
  return samples.filter(([at]) => at >= from && at < to);
}

/** What a part of the timeline is charged with of gaps that reach into it but began before it: all of it, none, or what lies in it. */
export type Earlier = 'whole' | 'none' | 'rest';

/**
 * The longest gap of a part of the timeline, milliseconds; 0: there is none. A gap belongs, to its very end, to the part in which it began:
 * in which the first request began that failed. That one may have begun just before the part did, which `earlier` decides.
 */
export function longestGapIn({ gaps, samples }: Gapped, from: number, to: number, earlier: Earlier): number {
  const lengths = gaps.map((gap) => {
    const began = samples.find(([at, , ok]) => at >= gap.from && ok === 0)?.[0] ?? gap.from;
    if (began >= to || gap.to <= from) return 0;
    if (began >= from || earlier === 'whole') return gap.to - gap.from;
    return earlier === 'rest' ? gap.to - from : 0;
  });
  return Math.max(0, ...lengths);
}

type Gapped = Pick<Stream, 'gaps' | 'samples'>;

/** The longest time in a part of the timeline in which no request began: what was not asked is not known. */
export function longestSilence(samples: readonly Sample[], from: number, to: number): number {
  const times = [from, ...within(samples, from, to).map(([at]) => at), to];
  return times.slice(1).reduce((most, at, index) => Math.max(most, at - (times[index] ?? at)), 0);
}

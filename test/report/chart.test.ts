import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DrillResult } from '../../src/drill/result.ts';
import { flagged, streamChart } from '../../src/report/html/chart.ts';
import { drills } from './sample.ts';

const types = fc.constantFrom('fault' as const, 'heal' as const, 'state' as const);

test('flags of a chart do not lie on each other, and each mark is in one', () => {
  const marks = fc
    .array(fc.tuple(types, fc.integer({ min: 54, max: 1006 })), { maxLength: 40 })
    .map((all) => all.map(([type, x]) => ({ type, x })).sort((a, b) => a.x - b.x));
  fc.assert(
    fc.property(marks, (all) => {
      const flags = flagged(all);
      const numbers = flags.flatMap(({ numbers: [first, last] }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      expect(numbers).toEqual(all.map((_, index) => index + 1));
      for (const [index, { x, width }] of flags.entries()) {
        const before = flags[index - 1];
        if (before) expect(x - width / 2).toBeGreaterThan(before.x + before.width / 2);
      }
    }),
  );
});

test('a flag over several marks has the colour of what was done among them', () => {
  const flags = flagged([
    { type: 'fault', x: 100 },
    { type: 'state', x: 104 },
    { type: 'state', x: 300 },
  ]);
  expect(flags.map(({ type, numbers }) => [type, numbers])).toEqual([
    ['fault', [1, 2]],
    ['state', [3, 3]],
  ]);
});

test('of gaps that are close together only the longest is labelled', () => {
  const [drill] = drills.drills;
  const [stream] = drill?.streams ?? [];
  if (!drill || !stream) throw new Error('the sample has no drill with requests');
  const gap = (from: number, to: number) => ({ from, to, failed: 1 });
  const far = Math.round(drill.duration / 2);
  const close: DrillResult = { ...drill, measures: [] };
  const gaps = [gap(100, 150), gap(160, 230), gap(240, 280), gap(far, far + 90)];
  const labels =
    streamChart(close, { ...stream, gaps }, 1020, 'one').text.match(/class="gap-text"[^]*?>([^<]*)</g) ?? [];
  expect(labels.map((one) => />([^<]*)<$/.exec(one)?.[1])).toEqual(['90 ms', '70 ms']);
});

test('what is allowed at the very end is written to the left of it', () => {
  const [drill] = drills.drills;
  const [stream] = drill?.streams ?? [];
  if (!drill || !stream) throw new Error('the sample has no drill with requests');
  const words = (share: number): string | undefined => {
    const from = Math.round(drill.duration * share);
    const measures = drill.measures
      .filter(({ kind, from: place }) => kind === 'gap' && place === stream.from)
      .slice(0, 1)
      .map((one) => ({ ...one, service: stream.service, bound: 500, window: { from, to: from + 500 } }));
    const chart = streamChart({ ...drill, measures }, { ...stream, gaps: [] }, 1020, 'one').text;
    return /class="bound-text"\s+x="([^"]*)"\s+y="[^"]*"\s+text-anchor="([^"]*)"/.exec(chart)?.slice(1).join(' ');
  };
  expect(words(0.99)).toBe('1020 end');
  expect(words(0.2)).toMatch(/^\d[\d.]* start$/);
});

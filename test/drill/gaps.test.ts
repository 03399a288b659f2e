import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestGapIn, longestSilence, tally } from '../../src/drill/gaps.ts';
import type { Sample } from '../../src/drill/result.ts';

/** A request every 50 ms; `x` was not answered. */
function series(marks: string): Sample[] {
  return marks.split('').map((mark, index) => [index * 50, 5, mark === 'x' ? 0 : 1]);
}

test.each([
  ['all answered', '.....', [], 0],
  ['one missed', '..x..', [{ from: 50, to: 150, failed: 1 }], 100],
  ['several in a row', '..xxx..', [{ from: 50, to: 250, failed: 3 }], 200],
  [
    'two gaps',
    '.x..xx.',
    [
      { from: 0, to: 100, failed: 1 },
      { from: 150, to: 300, failed: 2 },
    ],
    150,
  ],
  ['from the beginning', 'xx..', [{ from: 0, to: 100, failed: 2 }], 100],
  ['without an end', '..xx', [{ from: 50, to: 155, failed: 2 }], 105],
  ['nothing asked', '', [], 0],
])('gaps: %s', (_name, marks, gaps, longest) => {
  const found = tally(series(marks));
  expect(found.gaps).toEqual(gaps);
  expect(found.longestGap).toBe(longest);
});

test('every failure is in a gap, and gaps neither meet nor run backwards', () => {
  const samples = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 0, max: 900 }), fc.constantFrom<0 | 1>(0, 1)))
    .map((all) => {
      let at = 0;
      return all.map(([pause, took, ok]): Sample => [(at += pause), took, ok]);
    });
  fc.assert(
    fc.property(samples, (all) => {
      const { gaps, failed, sent } = tally(all);
      expect(sent).toBe(all.length);
      expect(gaps.reduce((sum, gap) => sum + gap.failed, 0)).toBe(failed);
      for (const [index, gap] of gaps.entries()) {
        expect(gap.to).toBeGreaterThanOrEqual(gap.from);
        expect(gap.from).toBeGreaterThanOrEqual(gaps[index - 1]?.to ?? 0);
      }
    }),
  );
});

test('a gap counts in each part of the timeline that it reaches into', () => {
  const { gaps } = tally(series('..xxx....'));
  expect(longestGapIn(gaps, 0, 100)).toBe(200);
  expect(longestGapIn(gaps, 240, 400)).toBe(200);
  expect(longestGapIn(gaps, 250, 400)).toBe(0);
});

test('what was not asked is a silence, from the edges as well', () => {
  const samples: Sample[] = [
    [100, 5, 1],
    [150, 5, 1],
    [400, 5, 1],
  ];
  expect(longestSilence(samples, 0, 500)).toBe(250);
  expect(longestSilence(samples, 100, 160)).toBe(50);
  expect(longestSilence(samples, 1000, 1700)).toBe(700);
});

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

test.each([
  ['began and ended in it', 0, 400, 'none', 200],
  ['began in it and ended later', 50, 150, 'none', 200],
  ['began before it, by its first failure', 101, 400, 'none', 0],
  ['began before it, and belongs to it', 101, 400, 'whole', 200],
  ['began before it, and is charged from its beginning on', 101, 400, 'rest', 149],
  ['last answer before it, first failure in it', 60, 400, 'none', 200],
  ['ended as it begins', 250, 400, 'whole', 0],
  ['begins after it', 0, 100, 'whole', 0],
] as const)('a gap in a part of the timeline: %s', (_name, from, to, earlier, length) => {
  const samples = series('..xxx....');
  expect(longestGapIn({ ...tally(samples), samples }, from, to, earlier)).toBe(length);
});

test('parts that meet are charged once with a gap, and none is forgotten', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 450 }), (middle) => {
      const samples = series('..xxx....');
      const gapped = { ...tally(samples), samples };
      const charged = [longestGapIn(gapped, 0, middle, 'whole'), longestGapIn(gapped, middle, 450, 'none')];
      expect(charged.sort()).toEqual([0, 200]);
    }),
  );
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

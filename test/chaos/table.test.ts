import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allStages, caseName, cases, inOrder } from './matrix.ts';
import { readOptions } from './options.ts';
import { Random } from './random.ts';
import { firstShop, next } from './shop.ts';
import { claims, wrongEnding } from './claims.ts';
import { lost } from './client.ts';
import { counted, readTally, writeTally, type Tally } from './table.ts';

const page = readFileSync('docs/reliability.md', 'utf8');
const empty: Tally = { tried: new Map(), days: new Map() };

describe('the table in docs/reliability.md', () => {
  const { tried, days } = readTally(page);

  test('has cases of the matrix only, with the day of their seeds', () => {
    const known = new Set(cases.map(caseName));
    expect([...tried.keys()].filter((name) => !known.has(name))).toEqual([]);
    for (const { seed } of tried.values()) expect(days.get(seed)).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test('has sixty cases at least, every one of them tried and survived', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(cases.map(caseName).filter((name) => tried.get(name)?.survived !== true)).toEqual([]);
  });

  test('is what the run would write', () => {
    expect(writeTally(page, { tried, days })).toBe(page);
  });
});

describe('a table', () => {
  test('gives back what was written into it', () => {
    const outcomes = fc.uniqueArray(
      fc.record({ one: fc.constantFrom(...cases), seed: fc.integer({ min: 0, max: 1e9 }), survived: fc.boolean() }),
      { selector: ({ one }) => caseName(one) },
    );
    fc.assert(
      fc.property(outcomes, (all) => {
        const tally = all.reduce<Tally>(
          (sum, { one, seed, survived }) => counted(sum, one, { seed, survived }, '2026-11-21'),
          empty,
        );
        const back = readTally(writeTally(page, tally));
        expect(new Map([...back.tried].sort())).toEqual(new Map([...tally.tried].sort()));
        expect([...back.days.keys()].sort()).toEqual([...tally.days.keys()].sort());
      }),
      { numRuns: 30 },
    );
  });

  test('forgets a seed when none of its cases is left', () => {
    const [one] = cases;
    if (!one) throw new Error('there is no case');
    const twice = [1, 2].reduce<Tally>((sum, seed) => counted(sum, one, { seed, survived: true }, '2026-11-21'), empty);
    expect([...readTally(writeTally(page, twice)).days.keys()]).toEqual([2]);
  });

  test('names a reason for each stage that a fault is not tried in', () => {
    const text = writeTally(page, empty);
    for (const { fault } of cases)
      for (const stage of allStages) {
        const reason = fault.without(stage);
        if (reason === undefined) continue;
        const line = text
          .split('\n')
          .find((each) => each.startsWith(`- ${fault.title}, not in `) && each.includes(reason));
        expect(line, `${fault.name}/${stage}`).toContain(stage);
      }
  });
});

describe('the order', () => {
  test('has every case once, and is the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), (seed) => {
        const order = inOrder(cases, new Random(seed), firstShop);
        expect(order.map(caseName).sort()).toEqual(cases.map(caseName).sort());
        expect(inOrder(cases, new Random(seed), firstShop)).toEqual(order);
      }),
      { numRuns: 20 },
    );
  });

  test('every stage has work in some version of the shop', () => {
    const all = { packages: 1, base: 1, storage: 1, servers: 1, directors: 1, spare: 1 } as const;
    for (const stage of allStages) expect(next(all, stage), stage).toBeDefined();
  });
});

test('numbers of a seed are spread over all of 0 to 1', () => {
  const random = new Random(7);
  const all = Array.from({ length: 1000 }, () => random.next());
  for (const tenth of Array.from({ length: 10 }, (_, index) => index / 10))
    expect(all.filter((one) => one >= tenth && one < tenth + 0.1).length).toBeGreaterThan(50);
});

describe('the command line', () => {
  test.each<[argv: string[], message: RegExp]>([
    [['--only', 'nothing'], /--only nothing is none of killed, link-cut/],
    [['--seed', 'x'], /--seed x is no whole number from 0 on/],
    [['--cases', '0'], /--cases 0 is no whole number from 1 on/],
    [['--what'], /--what[^]*npm run chaos/],
  ])('%j', (argv, message) => {
    expect(() => readOptions(argv)).toThrow(message);
  });

  test('chooses by fault, stage or case', () => {
    const names = (only: string): string[] => readOptions(['--only', only]).chosen.map(caseName);
    expect(names('killed/base')).toEqual(['killed/base']);
    expect(names('killed')).toHaveLength(11);
    expect(names('prepare,second-run')).toEqual(expect.arrayContaining(['killed/prepare', 'second-run/base']));
    expect(readOptions(['--seed', '5', '--cases', '3'])).toMatchObject({ seed: 5, most: 3, chosen: cases });
  });
});

describe('what a run says', () => {
  const failed =
    '✖ web1, stage base: exit code 1\nweb1 was looked at again: it is as it was before.\nFailed on web1. 0 steps done.';
  const done = 'Applied. 3 steps done on 1 host.\n\nVerified. chaos: 3 of 3 hold';

  test('is a success only when nothing failed', () => {
    expect(claims(done).success).toBe(true);
    expect(claims(`${done}\n✖ web1`).success).toBe(false);
    expect(claims(failed)).toEqual({ success: false, asBefore: ['web1'] });
  });

  test.each<[what: string, code: number | undefined, output: string, codes: number[] | undefined, count: number]>([
    ['a failure that is told', 1, failed, [1], 0],
    ['a success that is told', 0, done, [0, 1], 0],
    ['a run that was killed', undefined, '', undefined, 0],
    ['a success that should be a failure', 0, done, [1], 1],
    ['a failure that claims success', 1, done, [1], 2],
    ['a success that does not say so', 0, 'hello', [0], 1],
    ['a stack trace', 1, `${failed}\n    at apply (/srv/dist/main.js:1:2)`, [1], 1],
  ])('%s', (_what, code, output, codes, count) => {
    const problems = wrongEnding({ ending: { code, output }, codes });
    expect(problems.filter((one) => !one.startsWith('it said'))).toHaveLength(count);
  });
});

test('a request is lost when nothing excuses it', () => {
  const requests = [
    { at: 1, answered: false },
    { at: 5, answered: false },
    { at: 6, answered: true },
    { at: 9, answered: false },
  ];
  expect(lost(requests, 3, [{ from: 8, until: 9 }])).toEqual([{ at: 5, answered: false }]);
});

import { expect, test } from 'vitest';
import type { Snapshot } from '../../src/drill/condition.ts';
import type { Expectation, Setup } from '../../src/drill/drill.ts';
import { flaws, judge, type Recording } from '../../src/drill/judge.ts';
import { tally } from '../../src/drill/gaps.ts';
import type { Sample, Stream } from '../../src/drill/result.ts';
import type { TableService } from '../../src/ipvs/table.ts';
import { makeService, makeShop } from '../support/cluster.ts';

const cluster = makeShop();
const service = makeService(['web1', 'web2', 'web3']);
const vip = '10.77.0.100';

/** A request every 50 ms for ten seconds; those that begin in the given part are not answered. */
function stream(from = 0, to = 0): Stream {
  const samples = Array.from({ length: 200 }, (_, index): Sample => {
    const at = index * 50;
    return [at, 5, at >= from && at < to ? 0 : 1];
  });
  return {
    from: 'probe1',
    service: 'www',
    destination: `${vip}:80`,
    interval: { wished: 50, median: 50 },
    limit: 900,
    ...tally(samples),
    samples,
  };
}

/** Broken after 2 seconds, taken back from 6 to 7, over after 10. */
function recording(more: Partial<Recording> = {}): Recording {
  return { first: 2000, fault: 2000, heal: 6000, healed: 7000, end: 9950, looks: [], streams: [stream()], ...more };
}

function setup(...expectations: Expectation[]): Setup {
  return {
    acts: [{ text: 'something breaks', faults: [], until: undefined }],
    services: [service],
    hold: 1,
    expectations,
  };
}

function director(addresses: readonly string[], servers: readonly string[] = []): Snapshot {
  const table: TableService = {
    key: { protocol: 'TCP', address: vip, port: 80 },
    scheduler: 'wrr',
    persistence: undefined,
    options: [],
    servers: servers.map((address) => ({
      address,
      port: 80,
      forward: 'Route',
      weight: 1,
      activeConnections: 0,
      inactiveConnections: 0,
    })),
  };
  return { addresses: new Set(addresses), table: [table] };
}

const within = (seconds: number) => ({ seconds, because: 'so it is' });
const gap = (seconds: number, phase: 'fault' | 'heal' = 'fault'): Expectation => ({
  type: 'gap',
  phase,
  service: 'www',
  within: within(seconds),
});

test.each([
  ['none', stream(), 0.6, 0, true],
  ['within its bound', stream(2100, 3100), 0.6, 1050, true],
  ['beyond it', stream(2100, 3200), 0.6, 1150, false],
  ['that lasts until all is taken back', stream(2100, 7000), 4, 4950, false],
  ['that was before', stream(500, 1900), 0.6, 0, true],
])('a gap: %s', (_name, one, seconds, measured, ok) => {
  const [measure] = judge(setup(gap(seconds)), recording({ streams: [one] }), cluster);
  expect(measure).toMatchObject({ kind: 'gap', measured, bound: seconds * 1000 + 500, ok });
});

test('a gap that lasts until after the return is judged once: by what was allowed when it began', () => {
  const measured = (one: Stream, ...expected: Expectation[]) =>
    judge(setup(...expected), recording({ streams: [one] }), cluster).map((measure) => measure.measured);
  expect(measured(stream(5000, 6500), gap(4), gap(1, 'heal'))).toEqual([1550, 0]);
  expect(measured(stream(6000, 6500), gap(4), gap(1, 'heal'))).toEqual([0, 550]);
  // Where no gap is forbidden while the fault lasts, the return has to end it.
  expect(measured(stream(5000, 6500), gap(1, 'heal'))).toEqual([500]);
});

test('a request that was on its way when it was broken begins the gap', () => {
  const [measure] = judge(setup(gap(4)), recording({ fault: 2010, streams: [stream(2000, 2300)] }), cluster);
  expect(measure?.measured).toBe(350);
});

test('a time in which nothing was asked proves nothing', () => {
  const whole = stream();
  const holed = { ...whole, samples: whole.samples.filter(([at]) => at < 2500 || at > 4500) };
  const [measure] = judge(setup(gap(0.6)), recording({ streams: [holed] }), cluster);
  expect(measure).toMatchObject({ ok: false, measured: undefined });
  expect(measure?.because).toContain('nothing was asked for');
});

const takeover: Expectation = {
  type: 'state',
  phase: 'fault',
  kind: 'takeover',
  condition: { type: 'held-elsewhere', vips: [vip], than: 'lb1' },
  within: within(0.6),
};
const beginning = [
  { at: 0, director: 'lb1', snapshot: director([vip]) },
  { at: 0, director: 'lb2', snapshot: director([]) },
];

test.each([
  ['in time', [{ at: 3500, director: 'lb2', snapshot: director([vip]) }], 1500, true],
  ['too late', [{ at: 3700, director: 'lb2', snapshot: director([vip]) }], 1700, false],
  ['never', [], undefined, false],
  ['and the old holder cannot be watched', [{ at: 2100, director: 'lb1', snapshot: undefined }], undefined, false],
])('a takeover: %s', (_name, looks, measured, ok) => {
  const [measure] = judge(setup(takeover), recording({ looks: [...beginning, ...looks] }), cluster);
  expect(measure).toMatchObject({ kind: 'takeover', measured, bound: 1600, ok });
});

test('a return counts from when all was taken back, and one before that is no time at all', () => {
  const back: Expectation = {
    ...takeover,
    phase: 'heal',
    kind: 'return',
    condition: { type: 'held-once', vips: [vip], by: 'lb1' },
  };
  const away = [
    { at: 3000, director: 'lb1', snapshot: director([]) },
    { at: 3000, director: 'lb2', snapshot: director([vip]) },
  ];
  const returned = (at: number) => [
    { at, director: 'lb2', snapshot: director([]) },
    { at, director: 'lb1', snapshot: director([vip]) },
  ];
  const measured = (at: number) =>
    judge(setup(back), recording({ looks: [...beginning, ...away, ...returned(at)] }), cluster)[0];
  expect(measured(8000)).toMatchObject({ measured: 1000, ok: true });
  expect(measured(6500)).toMatchObject({ measured: 0, ok: true });
  expect(measured(9000)).toMatchObject({ measured: 2000, ok: false });
});

const out = { type: 'pool', host: 'web3', services: [service], are: 'out' } as const;
const noFailure: Expectation = { type: 'no-failure', service: 'www', since: out, until: 'end', text: 'once it is out' };
const all = ['10.77.0.1', '10.77.0.2', '10.77.0.3'];
const removedAt = (at: number, left = all.slice(0, 2)) => [
  { at: 0, director: 'lb1', snapshot: director([vip], all) },
  { at: 0, director: 'lb2', snapshot: director([], all) },
  { at, director: 'lb1', snapshot: director([vip], left) },
  { at, director: 'lb2', snapshot: director([], left) },
];

test.each([
  ['none once it is out', 3000, stream(2100, 2900), 0, true],
  ['some although it is out', 3000, stream(2100, 3100), 2, false],
])('failures: %s', (_name, at, one, measured, ok) => {
  const [measure] = judge(setup(noFailure), recording({ looks: removedAt(at), streams: [one] }), cluster);
  expect(measure).toMatchObject({ kind: 'failures', measured, ok });
});

test.each([
  ['what fails after the return is no matter', 3000, stream(6100, 6300), 0, true],
  ['what fails before it counts', 3000, stream(5800, 6300), 4, false],
  ['it came to that after the return only', 6500, stream(), undefined, false],
])('failures while the fault lasts: %s', (_name, at, one, measured, ok) => {
  const expected: Expectation = { ...noFailure, until: 'heal' };
  const [measure] = judge(setup(expected), recording({ looks: removedAt(at), streams: [one] }), cluster);
  expect(measure).toMatchObject({ measured, ok });
});

test('a real server that is never taken out is no success, whatever was answered', () => {
  const [measure] = judge(setup(noFailure), recording({ looks: removedAt(3000, all) }), cluster);
  expect(measure).toMatchObject({ measured: undefined, ok: false, because: 'it never came to that' });
});

test('what failed before anything was broken spoils the measure', () => {
  expect(flaws(setup(), recording({ streams: [stream(500, 700)] }))).toEqual([
    'www had not answered probe1 every time before anything was broken',
  ]);
  expect(flaws(setup(), recording({ streams: [stream(2000, 2200)] }))).toEqual([]);
  expect(flaws(setup(), recording({ streams: [] }))).toEqual([
    'www was asked from nowhere, so that nothing was measured',
  ]);
});

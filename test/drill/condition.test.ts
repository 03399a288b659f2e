import { expect, test } from 'vitest';
import { conditionText, holds, type Condition, type Snapshot } from '../../src/drill/condition.ts';
import { makeService, makeShop } from '../support/cluster.ts';

const cluster = makeShop();
const vip = '10.77.0.100';
const sorry = { host: undefined, address: '10.77.0.9', port: 80 };
const service = makeService(['web1', 'web2'], { sorryServer: sorry });

/** A director with or without the VIP, and the weights in its table by the last number of their addresses. */
function director(holds: boolean, weights: Readonly<Record<number, number>> = {}): Snapshot {
  const servers = Object.entries(weights).map(([number, weight]) => ({
    address: `10.77.0.${number}`,
    port: 80,
    forward: 'Route' as const,
    weight,
    activeConnections: 0,
    inactiveConnections: 0,
  }));
  return {
    addresses: new Set(holds ? [vip] : []),
    table: [
      {
        key: { protocol: 'TCP', address: vip, port: 80 },
        scheduler: 'wrr',
        persistence: undefined,
        options: [],
        servers,
      },
    ],
  };
}

const [has, hasNot] = [director(true), director(false)];
const elsewhere: Condition = { type: 'held-elsewhere', vips: [vip], than: 'lb1' };
const once: Condition = { type: 'held-once', vips: [vip], by: undefined };
const byFirst: Condition = { type: 'held-once', vips: [vip], by: 'lb1' };
const twice: Condition = { type: 'held-twice', vips: [vip] };
const isOut: Condition = { type: 'pool', host: 'web2', services: [service], are: 'out' };
const isIn: Condition = { type: 'pool', host: 'web2', services: [service], are: 'in' };
const isSorry: Condition = { type: 'sorry', service };

test.each<[string, Condition, Snapshot | undefined, Snapshot | undefined, boolean]>([
  ['the other one has it', elsewhere, hasNot, has, true],
  ['a frozen one still has it as well', elsewhere, has, has, true],
  ['the old one cannot be watched', elsewhere, undefined, has, true],
  ['nobody took it', elsewhere, has, hasNot, false],
  ['one has it', once, hasNot, has, true],
  ['both have it', once, has, has, false],
  ['none has it', once, hasNot, hasNot, false],
  ['one cannot be watched, and may have it', once, has, undefined, false],
  ['the named one has it', byFirst, has, hasNot, true],
  ['another one has it', byFirst, hasNot, has, false],
  ['two have it', twice, has, has, true],
  ['one alone is not two', twice, has, hasNot, false],
  ['gone everywhere', isOut, director(true, { 1: 1 }), director(false, { 1: 1 }), true],
  ['weight 0 everywhere', isOut, director(true, { 1: 1, 2: 0 }), director(false, { 1: 1, 2: 0 }), true],
  ['still in one table', isOut, director(true, { 1: 1 }), director(false, { 1: 1, 2: 1 }), false],
  ['one table is not known', isOut, director(true, { 1: 1 }), undefined, false],
  ['in everywhere', isIn, director(true, { 1: 1, 2: 3 }), director(false, { 2: 1 }), true],
  ['in with weight 0 is not in', isIn, director(true, { 2: 1 }), director(false, { 2: 0 }), false],
  ['the sorry server alone', isSorry, director(true, { 9: 1 }), director(false, { 9: 1 }), true],
  ['with real servers of weight 0', isSorry, director(true, { 9: 1, 1: 0 }), director(false, { 9: 1 }), true],
  ['beside a real server', isSorry, director(true, { 9: 1, 1: 1 }), director(false, { 9: 1 }), false],
  ['an empty table', isSorry, director(true), director(false), false],
])('%s', (_name, condition, lb1, lb2, expected) => {
  const seen = new Map(
    Object.entries({ lb1, lb2 }).flatMap(([name, one]) => (one === undefined ? [] : [[name, one] as const])),
  );
  expect(holds(condition, cluster, seen)).toBe(expected);
});

test('each says what it is about', () => {
  expect([elsewhere, once, byFirst, twice, isOut, isIn, isSorry].map(conditionText)).toEqual([
    '10.77.0.100 on another director than lb1',
    '10.77.0.100 on one director only',
    '10.77.0.100 on lb1 only',
    '10.77.0.100 on two directors at once',
    'web2 gets no more connections of www',
    'web2 gets connections of www',
    'the sorry server alone in the table of www',
  ]);
});

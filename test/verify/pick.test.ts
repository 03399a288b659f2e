import { expect, test } from 'vitest';
import { checks } from '../../src/verify/checks/index.ts';
import { pickChecks } from '../../src/verify/pick.ts';

const picked = (only?: string[], skip?: string[]): [run: string[], wanted: string[]] | string => {
  const result = pickChecks(only, skip);
  return result.ok ? [result.value.checks.map(({ name }) => name), [...result.value.wanted]] : result.error;
};

test('all are picked unless some are named', () => {
  const all = checks.map(({ name }) => name);
  expect(picked()).toEqual([all, all]);
  expect(picked(undefined, ['requests'])).toEqual([all, all.filter((name) => name !== 'requests')]);
});

test('what a check builds on is run with it, and not reported', () => {
  expect(picked(['counters'])).toEqual([['requests', 'counters'], ['counters']]);
  expect(picked(['vip-holder', 'sync-group'], ['sync-group'])).toEqual([['vip-holder'], ['vip-holder']]);
});

test('a name that is no check is refused with the nearest that is one', () => {
  expect(picked(['vip-hodler'])).toBe('there is no check "vip-hodler": is it vip-holder?');
  expect(picked(undefined, ['zzzzzz'])).toMatch(/^there is no check "zzzzzz"; there are as-planned, /);
  expect(picked(['requests'], ['requests'])).toBe('no check is left');
});

test('what checks build on is there', () => {
  const names = checks.map(({ name }) => name);
  expect(checks.flatMap(({ needs = [] }) => needs).filter((name) => !names.includes(name))).toEqual([]);
});

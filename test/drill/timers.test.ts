import fc from 'fast-check';
import { expect, test } from 'vitest';
import { masterDown, preemption, readmission, removal, skew } from '../../src/drill/timers.ts';
import type { CheckKind } from '../../src/inventory/cluster.ts';
import { httpCheck, makeInstance, makeService, makeWebCheck } from '../support/cluster.ts';

test.each([
  ['version 2, whatever the interval is', makeInstance({ advertInterval: 5 }), 'lb2', 156 / 256],
  ['version 3, by the interval', makeInstance({ version: 3, advertInterval: 0.1 }), 'lb2', 15.6 / 256],
  ['the highest priority waits least', makeInstance(), 'lb1', 106 / 256],
])('the skew: %s', (_name, instance, director, seconds) => {
  expect(skew(instance, director).seconds).toBeCloseTo(seconds, 6);
});

test.each([
  ['three adverts', makeInstance(), 3 + 156 / 256],
  ['as many as the inventory says', makeInstance({ downTimerAdverts: 5, advertInterval: 2 }), 10 + 156 / 256],
  ['fractions of a second', makeInstance({ version: 3, advertInterval: 0.1 }), 0.3 + 15.6 / 256],
])('a silent master is missed after %s', (_name, instance, seconds) => {
  expect(masterDown(instance, 'lb2').seconds).toBeCloseTo(seconds, 6);
});

test('preempt_delay comes on top', () => {
  const { seconds, because } = preemption(makeInstance({ preemptDelay: 30 }), 'lb1');
  expect(seconds).toBeCloseTo(33 + 106 / 256, 6);
  expect(because).toBe('3 adverts × 1 s + skew (256-150)/256 s + preempt_delay 30 s');
});

test('the more priority, the sooner', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 253 }), fc.constantFrom<2 | 3>(2, 3), (priority, version) => {
      const instance = makeInstance({ version, priorities: { lb1: priority + 1, lb2: priority } });
      expect(masterDown(instance, 'lb1').seconds).toBeLessThan(masterDown(instance, 'lb2').seconds);
    }),
  );
});

const [server] = makeService(['web1']).realServers;
if (!server) throw new Error('there is no real server');

test('a refused connection is noticed by delay_loop and the retries, without connect_timeout', () => {
  const slow = { ...httpCheck, interval: 6, retries: 3, retryDelay: 2, timeout: 9 };
  expect(removal(makeService(['web1'], { checks: [slow] }), server)?.seconds).toBe(12);
  expect(readmission(makeService(['web1'], { checks: [slow] }), server).seconds).toBe(21);
});

test('the first of several checks that notices counts, and all of them for the return', () => {
  const slow = { ...httpCheck, interval: 20 };
  const service = makeService(['web1'], { checks: [slow, httpCheck] });
  expect(removal(service, server)?.seconds).toBe(3);
  expect(readmission(service, server).seconds).toBe(42);
});

test.each<[kind: CheckKind, because: string]>([
  [makeWebCheck(), 'delay_loop 6 s + connect_timeout 2 s + delay_loop 6 s'],
  [makeWebCheck({ type: 'https' }), 'delay_loop 6 s + connect_timeout 2 s + delay_loop 6 s'],
  [{ type: 'tcp' }, 'delay_loop 6 s + connect_timeout 2 s'],
])('a real server that works again, checked by $type', (kind, because) => {
  const check = { ...httpCheck, kind, interval: 6, timeout: 2 };
  expect(readmission(makeService(['web1'], { checks: [check] }), server).because).toBe(because);
});

test('a retry that takes longer than the time between two checks comes in its place', () => {
  const check = { ...httpCheck, kind: { type: 'tcp' }, interval: 2, retryDelay: 9 } as const;
  expect(readmission(makeService(['web1'], { checks: [check] }), server).because).toBe(
    'delay_before_retry 9 s + connect_timeout 2 s',
  );
});

test.each([
  ['another port', { ...httpCheck, port: 8080 }],
  ['another address', { ...httpCheck, address: '10.77.0.99' }],
  ['the host alone', { ...httpCheck, kind: { type: 'ping' } as const }],
])('a check of %s notices nothing', (_name, check) => {
  expect(removal(makeService(['web1'], { checks: [check] }), server)).toBeUndefined();
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RealServer, VirtualService } from '../../src/inventory/cluster.ts';
import { falseAlarm, oddShares } from '../../src/verify/shares.ts';
import { loadDr } from '../support/dr.ts';

const [www] = (await loadDr()).services;
if (!www) throw new Error('the example has no service');
const service = (weights: readonly number[], change: Partial<VirtualService> = {}): VirtualService => ({
  ...www,
  realServers: weights.map((weight, index): RealServer => {
    const [server] = www.realServers;
    if (!server) throw new Error('the example has no real server');
    return { ...server, host: `web${index + 1}`, weight };
  }),
  ...change,
});
const odd = (one: VirtualService, counts: readonly number[]): string[] =>
  oddShares(
    one,
    one.realServers.map((server, index) => ({ server, connections: counts[index] ?? 0 })),
  ).map(({ server, expected }) => `${server.host} ${expected}`);

/** Chance of exactly k of n, each with chance p. */
function binomial(n: number, k: number, p: number): number {
  let log = k * Math.log(p) + (n - k) * Math.log(1 - p);
  for (let i = 1; i <= k; i += 1) log += Math.log(n - k + i) - Math.log(i);
  return Math.exp(log);
}

describe('shares of connections', () => {
  test.each<[string, VirtualService, number[], string[]]>([
    ['as the weights make them', service([1, 1, 2]), [15, 15, 30], []],
    ['a little beside it', service([1, 1, 2]), [20, 12, 28], []],
    ['all equal although the weights are not', service([1, 9]), [50, 50], ['web1 10', 'web2 90']],
    ['too few to tell', service([1, 9]), [3, 3], []],
    ['by turns, where weights do not count', service([1, 9], { scheduler: 'rr' }), [50, 50], []],
    ['by weight, where turns are what counts', service([1, 9], { scheduler: 'rr' }), [10, 90], ['web1 50', 'web2 50']],
    ['of a scheduler that looks at the load', service([1, 9], { scheduler: 'wlc' }), [50, 50], []],
    [
      'of servers that may be full',
      { ...service([1, 9]), realServers: service([1, 9]).realServers.map((one) => ({ ...one, upperThreshold: 10 })) },
      [50, 50],
      [],
    ],
    ['of one server', service([1]), [100], []],
    ['of none', service([1, 1]), [0, 0], []],
  ])('%s', (_what, one, counts, expected) => {
    expect(odd(one, counts)).toEqual(expected);
  });

  test('that chance can bring about are called odd with no more than the chance that is promised', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 400 }), (list, n) => {
        const one = service(list);
        const [first = 1] = list;
        const chance = first / list.reduce((sum, weight) => sum + weight, 0);
        // The others get what is left by their weights, so that the first alone is judged.
        let alarm = 0;
        for (let k = 0; k <= n; k += 1) {
          const rest = n - k;
          const others = list.slice(1).map((weight) => (rest * weight) / list.slice(1).reduce((a, b) => a + b, 0));
          if (odd(one, [k, ...others]).some((name) => name.startsWith('web1 '))) alarm += binomial(n, k, chance);
        }
        expect(alarm).toBeLessThanOrEqual(falseAlarm / list.length);
      }),
      { numRuns: 60 },
    );
  });
});

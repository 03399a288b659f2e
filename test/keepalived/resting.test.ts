import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awake, resting } from '../../src/keepalived/resting.ts';
import { wishesOf, makeShop } from '../support/cluster.ts';
import { keepalivedConfiguration } from '../../src/roles/director.ts';
import { ref } from '../../src/resources/resource.ts';

/** What a director of the shop has, with web1, web2 and web3 behind 10.77.0.1 to .3. */
const text = ((): string => {
  const placed = wishesOf(makeShop())[0]?.resources.find((one) => one.ref === ref('file', keepalivedConfiguration));
  return placed?.resource.kind === 'file' ? (placed.resource.content ?? '') : '';
})();

const weights = (conf: string): string[] =>
  [...conf.matchAll(/real_server (\S+) 80 \{\n\s*weight (\d+)/g)].map(([, address, weight]) => `${address} ${weight}`);

describe('real servers at rest', () => {
  test('have weight 0, and only they', () => {
    expect(weights(text)).toEqual(['10.77.0.1 1', '10.77.0.2 1', '10.77.0.3 1']);
    expect(weights(resting(text, new Set(['10.77.0.2'])))).toEqual(['10.77.0.1 1', '10.77.0.2 0', '10.77.0.3 1']);
  });

  test('are awake again to the byte, whoever rested', () => {
    const addresses = fc.subarray(['10.77.0.1', '10.77.0.2', '10.77.0.3', '10.77.0.9']);
    fc.assert(
      fc.property(addresses, addresses, (first, then) => {
        const once = resting(text, new Set(first));
        expect(awake(once)).toBe(text);
        expect(awake(resting(once, new Set(then)))).toBe(text);
      }),
    );
  });

  test.each([
    ['no weight', 'real_server 10.0.0.1 80 {\n    TCP_CHECK {\n    }\n}'],
    ['weight 0 already', 'real_server 10.0.0.1 80 {\n    weight 0\n}'],
    ['a mark, and so no port', 'real_server 10.0.0.1 {\n    weight 12\n}'],
    [
      'a script that sets weights',
      'real_server 10.0.0.1 80 {\n    weight 2\n    MISC_CHECK {\n        misc_dynamic\n    }\n}',
    ],
  ])('with %s', (_, block) => {
    const rested = resting(block, new Set(['10.0.0.1']));
    expect(rested).toMatch(/weight 0/);
    expect(rested).not.toMatch(/^\s*(weight [1-9]|misc_dynamic)/m);
    expect(awake(rested)).toBe(block);
  });
});

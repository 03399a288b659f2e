import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandRanges, mostNames } from '../../src/inventory/range.ts';

describe('expandRanges', () => {
  test.each([
    ['web', ['web']],
    ['lb[1:2]', ['lb1', 'lb2']],
    ['web[08:11]', ['web08', 'web09', 'web10', 'web11']],
    ['r[a:c]', ['ra', 'rb', 'rc']],
    ['R[A:C:2]', ['RA', 'RC']],
    ['w[1:9:4]x', ['w1x', 'w5x', 'w9x']],
    ['r[1:2]n[1:2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2']],
    ['[5:5]', ['5']],
    ['10.77.0.[11:12]', ['10.77.0.11', '10.77.0.12']],
  ])('%s', (text, names) => {
    expect(expandRanges(text)).toEqual({ ok: true, value: names });
  });

  test.each([
    ['w[3:1]', 'counts down'],
    ['w[1:3:0]', 'step of [1:3:0] is 0'],
    ['w[01:100]', 'differ in length'],
    ['w[1:c]', 'is not a range'],
    ['w[a:C]', 'is not a range'],
    ['w[12]', 'is not a range'],
    ['w[1:2', 'is not a range'],
    ['w1]', 'is not a range'],
    ['w[1:65537]', '65537 names, and 65536 is the most'],
    ['w[1:1000][1:1000]', '1000000 names'],
    ['w[1:999999999]', 'is the most'],
    ['w[1:60000][1:60000][1:60000][1:60000]', 'is the most'],
  ])('%s is refused', (text, message) => {
    const expanded = expandRanges(text);
    expect(!expanded.ok && expanded.error).toContain(message);
  });

  test('a numeric range has every number from end to end, once and in order', () => {
    const numbers = fc.record({ from: fc.nat(5000), more: fc.nat(300), step: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(numbers, ({ from, more, step }) => {
        const expanded = expandRanges(`h[${from}:${from + more}:${step}]`);
        const wanted = [];
        for (let n = from; n <= from + more; n += step) wanted.push(`h${n}`);
        expect(expanded).toEqual({ ok: true, value: wanted });
      }),
    );
  });

  test('any text ends, in at most 65,536 names', () => {
    const part = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat(), fc.nat()).map(([a, b, c]) => `[${a}:${b}:${c}]`),
      fc.constantFrom('[', ']', ':', '[1:9]', '[a:z]'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const expanded = expandRanges(parts.join(''));
        expect(expanded.ok ? expanded.value.length : 1).toBeLessThanOrEqual(mostNames);
      }),
    );
  });
});

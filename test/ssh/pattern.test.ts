import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchGlob, matchList } from '../../src/ssh/pattern.ts';

test.each([
  ['*', '', true],
  ['*', 'anything', true],
  ['?', '', false],
  ['web?', 'web1', true],
  ['web?', 'web12', false],
  ['*.example.org', 'www.example.org', true],
  ['*.example.org', 'example.org', false],
  ['WEB1', 'web1', true],
  ['10.77.0.*', '10.77.0.11', true],
  ['[127.0.0.1]:2222', '[127.0.0.1]:2222', true],
  ['a.b', 'aXb', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['(.+)+', 'aaaa', false],
])('%s against %s is %s', (pattern, text, expected) => {
  expect(matchGlob(pattern, text)).toBe(expected);
});

test('it agrees with a regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(letters, text, (pattern, given) => {
      const same = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchGlob(pattern, given)).toBe(same.test(given));
    }),
    { numRuns: 2000 },
  );
});

test('no pattern takes for ever', () => {
  expect(matchGlob(`${'*a'.repeat(2000)}b`, 'a'.repeat(5000))).toBe(false);
});

test('a negated pattern refuses', () => {
  expect(matchList(['*', '!web1'], 'web1')).toBe('refused');
  expect(matchList(['!web1', '*'], 'web2')).toBe('yes');
  expect(matchList(['!web1'], 'web2')).toBe('no');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesGlob, selectHosts } from '../../src/inventory/pattern.ts';
import { base, cluster } from './reading.ts';

const shop = cluster(`${base}groups:
  webs: { hosts: [web*] }
  odd: { hosts: [web1, web3] }
  some: { hosts: [webs, nas1, '!web2'] }
`);

describe('selectHosts', () => {
  test.each([
    ['lb1', 'lb1'],
    ['all', 'lb1 lb2 web1 web2 web3 nas1'],
    ['*', 'lb1 lb2 web1 web2 web3 nas1'],
    ['web*', 'web1 web2 web3'],
    ['web[1:2]', 'web1 web2'],
    ['web?', 'web1 web2 web3'],
    ['web*:!web2', 'web1 web3'],
    ['web*,!web2', 'web1 web3'],
    ['!web2:web*', 'web1 web3'],
    ['webs:&odd', 'web1 web3'],
    ['webs:&odd:!web3', 'web1'],
    ['!webs', 'lb1 lb2 nas1'],
    ['nas1,lb2', 'lb2 nas1'],
    ['web[1:3:2],lb1', 'lb1 web1 web3'],
    ['some', 'web1 web3 nas1'],
    ['web1,web1', 'web1'],
    ['o*', 'web1 web3'],
  ])('%s', (pattern, names) => {
    const selected = selectHosts(shop, pattern);
    expect(selected.ok && selected.value.map(({ name }) => name).join(' ')).toBe(names);
  });

  test.each([
    ['wbe1', 'no host and no group is called "wbe1"; did you mean "web1"?'],
    ['odds', 'did you mean "odd"?'],
    ['web[1:4]', 'called "web4"'],
    ['x*', 'no host and no group matches "x*"'],
    ['', 'the pattern is empty'],
    ['web1:!web1', 'selects no host'],
    ['web[1', 'is not a range'],
    ['constructor', 'no host and no group is called "constructor"'],
  ])('%s is refused', (pattern, message) => {
    const selected = selectHosts(shop, pattern);
    expect(!selected.ok && selected.error).toContain(message);
  });
});

test('a glob matches as the regular expression of its parts would', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const names = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(letters, names, (glob, name) => {
      const expected = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
      expect(matchesGlob(glob, name)).toBe(expected);
    }),
  );
});

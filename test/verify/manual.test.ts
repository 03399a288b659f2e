import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { manualOf, manuals } from '../../src/verify/manual.ts';
import { withManuals } from '../../src/verify/reference.ts';

const file = 'docs/verify.md';

test('docs/verify.md holds every check (vitest -u brings it up to date)', async () => {
  await expect(withManuals(readFileSync(file, 'utf8'))).toMatchFileSnapshot(`../../${file}`);
});

test('a page without the markers is refused', () => {
  expect(() => withManuals('# A page')).toThrow('no place for the checks');
});

test('names are unique, and commands stand between pairs of backquotes', () => {
  expect(new Set(manuals.map(({ name }) => name)).size).toBe(manuals.length);
  for (const { name, proves, why, runs, reads, mend } of manuals)
    for (const text of [proves, why, runs, reads, mend]) {
      expect(text.split('`').length % 2, `${name}: ${text}`).toBe(1);
      expect(text, name).not.toBe('');
    }
  expect(manualOf('vip-holder')?.severity).toBe('critical');
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('each line of the threat model names a test that is there', () => {
  const page = readFileSync('docs/security.md', 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (-|it may|he may)/.test(line));
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) {
    const tests = [...row.matchAll(/\]\((\.\.\/test\/[^)]+)\)/g)].map(([, path]) => path ?? '');
    expect(tests, row).not.toEqual([]);
    for (const path of tests) expect(existsSync(join('docs', path)), path).toBe(true);
  }
});

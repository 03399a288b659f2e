import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drills } from '../../src/drill/drills/index.ts';

const page = readFileSync('docs/drills.md', 'utf8');
const [, planted = ''] = /<!-- planted: begin -->([^]*)<!-- planted: end -->/.exec(page) ?? [];

// Written by `npm run drills`, which puts what is not as it must be in bold.
test.each(drills.map(({ name }) => name))(
  '%s was seen on the lab to pass, and to fail when its fault is planted',
  (name) => {
    const row = planted.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect(row).toMatch(/ at most .*\|.* at most /);
    expect(row).not.toContain('**');
  },
);

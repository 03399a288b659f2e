import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDr } from '../support/dr.ts';
import { wishesOf } from '../support/cluster.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'rendered');
const cluster = await loadDr();

const rendered = new Map(
  wishesOf(cluster).flatMap(({ host, resources }) =>
    resources.flatMap(({ resource }) =>
      resource.kind === 'file' && resource.content !== undefined
        ? [[`${host.name}${resource.path}`, resource.content] as const]
        : [],
    ),
  ),
);

const golden = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  .sort();

describe('what inventories/dr.yaml comes to', () => {
  test('is these files, no more and no less', () => {
    expect([...rendered.keys()].sort()).toEqual(golden);
  });

  // To take over a change that is wanted: lvsctl render -i inventories/dr.yaml --out test/fixtures/rendered
  test.each(golden)('%s', (path) => {
    expect(rendered.get(path)).toBe(readFileSync(join(folder, path), 'utf8'));
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { importAll } from '../../src/import/index.ts';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import { readCluster } from '../../src/inventory/read.ts';
import { keepalivedConfiguration } from '../../src/roles/director.ts';
import { parseYaml } from '../../src/inventory/yaml/parse.ts';
import { treeOf } from '../../src/inventory/yaml/tree.ts';
import { ok } from '../../src/result.ts';
import { wishesOf } from '../support/cluster.ts';

const folder = join(import.meta.dirname, '..', '..', 'inventories');
const examples = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

/** What is rendered for each director. */
function configurations(cluster: Cluster): Map<string, string> {
  return new Map(
    wishesOf(cluster).flatMap(({ host, resources }) =>
      resources.flatMap(({ resource }): [string, string][] =>
        resource.kind === 'file' && resource.path === keepalivedConfiguration
          ? [[host.name, resource.content ?? '']]
          : [],
      ),
    ),
  );
}

/** An inventory as plain data. */
const read = (text: string) => treeOf(parseYaml(text, 'x')).value as Record<string, unknown>;

/** What keepalived.conf does not say, and a person adds: the hosts, and what is done on them beside keepalived. */
const elsewhere = ['hosts', 'groups', 'ssh', 'interface', 'nginx', 'storage', 'haproxy', 'services', 'verify'];

describe.each(examples)('%s', (name) => {
  test('imported from what was rendered of it, renders the same keepalived.conf again', async () => {
    const file = join(folder, name);
    const loaded = await loadCluster(file, {});
    if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
    const before = configurations(loaded.value);
    const imported = importAll(
      [...before].map(([director, text]) => ({ file: `${director}.conf`, text, director, kind: 'keepalived' })),
      { cluster: loaded.value.name, include: () => 'none' },
    );
    expect(imported.left).toEqual([]);
    const written = read(readFileSync(file, 'utf8'));
    const found = read(imported.text);
    for (const key of elsewhere) if (key !== 'services' && written[key] !== undefined) found[key] = written[key];
    const again = readCluster(
      stringify(found),
      { file, digest: '', shown: basename(file) },
      { env: {}, readFile: () => ok('#!/bin/sh\n'), isFolder: () => true },
    );
    if (!again.ok) throw new Error(again.error.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    expect(Object.fromEntries(configurations(again.value))).toEqual(Object.fromEntries(before));
  });
});

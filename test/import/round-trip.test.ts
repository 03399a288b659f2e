import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
const examples = [
  ...readdirSync(folder).filter((name) => name.endsWith('.yaml')),
  '../test/e2e/every-service-option.yaml',
];

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

/** The files of the example; a script that an import names by a folder of its own need only be one. */
const readOrScript = (path: string) => ok(existsSync(path) ? readFileSync(path, 'utf8') : '#!/bin/sh\n');

/** What keepalived.conf does not say, and a person adds: the hosts, and what is done on them beside keepalived. */
const elsewhere = ['hosts', 'groups', 'ssh', 'vars', 'interface', 'nginx', 'storage', 'haproxy', 'apps', 'verify'];

/** The import says so itself: NICs of further addresses, and what a firewall mark stands for. */
const unsaid = /^write vip and ports|under interfaces/;

describe.each(examples)('%s', (name) => {
  test('imported from what was rendered of it, renders the same keepalived.conf again', async () => {
    const file = join(folder, name);
    const loaded = await loadCluster(file, {});
    if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
    const before = configurations(loaded.value);
    const imported = importAll(
      [...before].map(([director, text]) => ({ file: `${director}.conf`, text, director, kind: 'keepalived' })),
      {
        cluster: loaded.value.name,
        include: () => 'none',
        addresses: loaded.value.hosts.flatMap((host) =>
          host.addresses.map(({ address }) => [host.name, address] as const),
        ),
      },
    );
    expect(imported.left.filter(({ remedy }) => !unsaid.test(remedy))).toEqual([]);
    const written = read(readFileSync(file, 'utf8'));
    const found = read(imported.text);
    for (const key of elsewhere) if (written[key] !== undefined) found[key] = written[key];
    for (const service of loaded.value.services) {
      const entry = (found['services'] as Record<string, Record<string, unknown>>)[service.name];
      const { vip, ports, protocol } =
        (written['services'] as Record<string, Record<string, unknown>>)[service.name] ?? {};
      if (service.mark && entry) Object.assign(entry, { vip, ports, ...(protocol === undefined ? {} : { protocol }) });
    }
    const again = readCluster(
      stringify(found),
      { file, digest: '', shown: basename(file) },
      { env: {}, readFile: readOrScript, isFolder: () => true, answered: () => undefined },
    );
    if (!again.ok) throw new Error(again.error.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    expect(Object.fromEntries(configurations(again.value))).toEqual(Object.fromEntries(before));
  });
});

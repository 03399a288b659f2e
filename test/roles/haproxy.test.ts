import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { platformNames } from '../../src/inventory/cluster/platform.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import { haproxyConfiguration } from '../../src/roles/haproxy.ts';
import { wishesOf } from '../support/cluster.ts';

const loaded = await loadCluster(join(import.meta.dirname, '..', '..', 'inventories', 'haproxy.yaml'), {});

// /run/haproxy is Debian's own: RHEL's package makes none, and HAProxy does not start where the folder is missing.
test.each(platformNames)('%s: the socket lies in the home of its account, which every package makes', (platform) => {
  if (!loaded.ok) throw new Error('the example is not sound');
  const hosts = loaded.value.hosts.map((host) => ({ ...host, platform }));
  const files = wishesOf({ ...loaded.value, hosts })
    .flatMap(({ resources }) => resources)
    .flatMap(({ resource }) => (resource.kind === 'file' && resource.path === haproxyConfiguration ? [resource] : []));
  expect(files).toHaveLength(2);
  for (const { content } of files) {
    const socket = /^ {4}stats socket (\S+)/m.exec(content ?? '')?.[1] ?? '';
    expect(dirname(socket)).toBe('/var/lib/haproxy');
  }
});

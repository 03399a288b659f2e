import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadCluster } from '../../src/inventory/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'lvsctl-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

test('the demo is the example of the design', async () => {
  const file = 'inventories/dr.yaml';
  const loaded = await loadCluster(file, {});
  if (!loaded.ok) throw new Error(loaded.error[0]?.message);
  const cluster = loaded.value;
  expect(cluster.inventory).toEqual({
    file: join(process.cwd(), file),
    digest: createHash('sha256').update(readFileSync(file)).digest('hex'),
  });
  expect(
    cluster.hosts.map(({ name, addresses, ssh, become }) => [name, addresses[0]?.address, ssh.user, become]),
  ).toEqual([
    ['lb1', '10.77.0.11', 'root', 'none'],
    ['lb2', '10.77.0.12', 'root', 'none'],
    ['web1', '10.77.0.13', 'root', 'none'],
    ['web2', '10.77.0.14', 'root', 'none'],
    ['web3', '10.77.0.15', 'root', 'none'],
    ['nas1', '10.77.0.16', 'root', 'none'],
    ['probe1', '10.77.0.17', 'root', 'none'],
  ]);
  expect(cluster.directors).toEqual(['lb1', 'lb2']);
  expect(cluster.vrrp).toMatchObject([
    { name: 'VI_1', vrid: 51, vips: [{ address: '10.77.0.100', prefix: 32 }], priorities: { lb1: 150, lb2: 100 } },
  ]);
  expect(cluster.services).toMatchObject([
    {
      name: 'www',
      scheduler: 'wrr',
      checks: [{ kind: { type: 'http', path: '/healthz', status: [{ first: 200, last: 200 }] } }],
      realServers: [
        { host: 'web1', address: '10.77.0.13', port: 80, weight: 1 },
        { host: 'web2', weight: 1 },
        { host: 'web3', weight: 2 },
      ],
    },
  ]);
  const webs = ['web1', 'web2', 'web3'];
  expect(cluster.sites).toMatchObject([
    { name: 'www', hosts: webs, port: 80, root: '/var/www/shared', healthPath: '/healthz' },
  ]);
  const options = ['rw', 'no_root_squash', 'sync', 'no_subtree_check'];
  expect(cluster.exports).toEqual([
    { host: 'nas1', path: '/srv/www', offers: webs.map((host) => ({ client: { type: 'host', host }, options })) },
  ]);
  expect(cluster.mounts).toMatchObject([
    {
      path: '/var/www/shared',
      server: 'nas1',
      export: '/srv/www',
      hosts: webs,
      options: ['hard', '_netdev', 'nfsvers=4.2'],
    },
  ]);
  expect(cluster.verify).toEqual({ from: ['probe1', 'operator'], requests: 30 });
});

test('secrets and templates are looked for beside the inventory', async () => {
  mkdirSync(join(folder, 'mine'));
  write('vrrp.key', 's3cret\n');
  const file = write(
    'ok.yaml',
    'cluster: a\nhosts: { lb1: { address: 10.0.0.1 } }\ndirectors: [lb1]\ntemplates: mine\nvrrp: { A: { vips: [10.0.0.9], authPass: { file: vrrp.key } } }\n',
  );
  const loaded = await loadCluster(file, {});
  expect(loaded.ok && [loaded.value.templates, loaded.value.vrrp[0]?.authPass?.reveal()]).toEqual([
    join(folder, 'mine'),
    's3cret',
  ]);
});

test.each([
  ['none.yaml', undefined, 'there is no such file', '-i FILE names another inventory'],
  ['.', undefined, 'it is a folder', '-i FILE'],
  ['latin.yaml', new Uint8Array([0x61, 0x3a, 0x20, 0xe9]), 'not UTF-8', 'UTF-8'],
  ['large.yaml', '#'.repeat(1_048_577), 'larger than 1 MiB', undefined],
])('%s cannot be loaded', async (name, content, message, hint) => {
  const file = content === undefined ? join(folder, name) : write(name, content);
  const loaded = await loadCluster(file, {});
  expect(!loaded.ok && loaded.error).toMatchObject([
    { line: 0, file, message: expect.stringContaining(message) as unknown },
  ]);
  expect(loaded.ok ? undefined : (loaded.error[0]?.hint ?? '')).toContain(hint ?? '');
});

test('a message names the inventory as the user did', async () => {
  const file = write('bad.yaml', 'cluster: a\nhost: {}\n');
  chmodSync(file, 0o600);
  const loaded = await loadCluster(file, {});
  expect(loaded.ok ? [] : loaded.error.map((problem) => problem.file)).toEqual([file, file]);
});

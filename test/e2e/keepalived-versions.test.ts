import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cluster, Host } from '../../src/inventory/cluster.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import { configTest } from '../../src/keepalived/config-test.ts';
import { images } from '../../src/lab/image/cache.ts';
import { cacheFolder } from '../../src/lab/layout.ts';
import { suites, type Suite } from '../../src/lab/index.ts';
import { quote } from '../../src/ssh/quote.ts';
import { wishesOf } from '../support/cluster.ts';

/** The keepalived of each Debian that hosts of the lab run; both are in their images. */
const versions: Readonly<Record<Suite, string>> = { trixie: 'v2.3.3', bookworm: 'v2.2.7' };

const folder = join(import.meta.dirname, '..', '..', 'inventories');
const inventories = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name)),
  join(import.meta.dirname, 'every-vrrp-option.yaml'),
  join(import.meta.dirname, 'every-service-option.yaml'),
];

const configuration = '/etc/keepalived/keepalived.conf';

/** sh that makes what keepalived looks at: the NICs of a host, and the files and folders of its roles. */
function furnish(cluster: Cluster, host: Host): string[] {
  const wish = wishesOf(cluster).find((one) => one.host.name === host.name);
  const nics = new Set(host.addresses.map((own) => own.interface));
  const files = (wish?.resources ?? []).flatMap(({ resource }): string[] => {
    if (resource.kind === 'directory') return [`mkdir -p /mnt${quote(resource.path)}`];
    if (resource.kind !== 'file' || resource.content === undefined) return [];
    if (!resource.path.startsWith('/etc/keepalived/')) return [];
    const path = `/mnt${quote(resource.path)}`;
    return [
      `mkdir -p "$(dirname -- ${path})"`,
      `printf '%s' ${quote(resource.content)} >${path}`,
      `chmod ${resource.mode} ${path}`,
    ];
  });
  return [
    ...[...nics].map(
      (nic) => `ip link add ${quote(nic)} type veth peer name p${quote(nic)}; ip link set ${quote(nic)} up`,
    ),
    ...host.addresses.map((own) => `ip addr add ${own.address}/${own.prefix} dev ${quote(own.interface)}`),
    ...files,
  ];
}

/** What the keepalived of an image says of a director's configuration; the image stays as it is, and nothing is left. */
function complaintOf(disk: string, cluster: Cluster, host: Host): string {
  const script = [
    'set -e',
    'mount -t tmpfs upper /tmp',
    'mkdir /tmp/upper /tmp/work /tmp/lower',
    `mount -o loop,ro ${quote(disk)} /tmp/lower`,
    'mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work image /mnt',
    'mount -t proc proc /mnt/proc',
    ...furnish(cluster, host),
    'chroot /mnt keepalived -v 2>&1 | sed -n "1s/^Keepalived \\(v[0-9.]*\\).*/\\1/p"',
    `chroot /mnt sh -c ${quote(`${configTest(configuration)} || echo "exit code $code: $complaint"`)}`,
  ].join('\n');
  const { stdout, stderr } = spawnSync('unshare', ['-mnp', '--fork', 'sh', '-c', script], { encoding: 'utf8' });
  return `${stdout}${stderr}`.trim();
}

describe.each(suites)('the keepalived of %s', (system) => {
  test.each(inventories.map((file) => ({ name: basename(file), file })))(
    'takes the configurations of $name without a word',
    async ({ name, file }) => {
      const { disks } = await images(cacheFolder(process.env), system, { onProgress: () => undefined });
      const loaded = await loadCluster(file, {});
      if (!loaded.ok) throw new Error(`${name} is not sound`);
      const { directors, hosts } = loaded.value;
      for (const host of hosts.filter((one) => directors.includes(one.name)))
        expect(`${host.name} ${complaintOf(disks.warm, loaded.value, host)}`).toBe(`${host.name} ${versions[system]}`);
    },
  );

  test('refuses what it does not know', async () => {
    const { disks } = await images(cacheFolder(process.env), system, { onProgress: () => undefined });
    const loaded = await loadCluster(join(folder, 'vrrp.yaml'), {});
    if (!loaded.ok) throw new Error('vrrp.yaml is not sound');
    const broken = { ...loaded.value, keepalived: { ...loaded.value.keepalived, extra: ['no_such_keyword'] } };
    const [lb1] = broken.hosts;
    if (lb1 === undefined) throw new Error('vrrp.yaml has no hosts');
    expect(complaintOf(disks.warm, broken, lb1)).toContain("Unknown keyword 'no_such_keyword'");
  });
});

import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import type { Round } from '../../src/verify/check.ts';
import { arpSingle } from '../../src/verify/checks/arp-single.ts';
import { counters } from '../../src/verify/checks/counters.ts';
import { keepalivedConfig } from '../../src/verify/checks/keepalived-config.ts';
import { nfsMounted } from '../../src/verify/checks/nfs-mounted.ts';
import { nfsWritable } from '../../src/verify/checks/nfs-writable.ts';
import { realServerListens } from '../../src/verify/checks/real-server-listens.ts';
import type { Check } from '../../src/verify/check.ts';
import { Commands, runSection, scratch } from './shell.ts';
import { arping, drCluster, holderMac, nonce, stats, vip, World } from './world.ts';

const machine = process.env['PATH'] ?? '';
let cluster: Cluster;
beforeAll(async () => {
  cluster = await drCluster();
});

/** What a check's section prints at a place, with the given commands before those of the machine. */
async function said(
  check: Check,
  round: Round,
  where: string,
  world: World,
  commands = new Commands(),
): Promise<string> {
  const section = check.section(round, where, world.evidence());
  if (!section) throw new Error(`${check.name} asks nothing of ${where} in ${round}`);
  return (await runSection(section.sh, `${commands.folder}:${machine}`)).output;
}

describe('the NFS sections', () => {
  /** A client and a server that see the same folder. */
  function shared(): { world: World; folder: string; commands: Commands } {
    const folder = scratch("nfs-it's-");
    const world = new World({
      ...cluster,
      mounts: cluster.mounts.map((one) => ({ ...one, path: folder, export: folder })),
      exports: cluster.exports.map((one) => ({ ...one, path: folder })),
    });
    return { world, folder, commands: new Commands().fake('grep', 'exit 0') };
  }

  it('write, find and remove a file, and leave none behind', async () => {
    const { world, folder, commands } = shared();
    for (const name of ['web1', 'web2', 'web3']) {
      world.answer('before', name, 'nfs-writable', await said(nfsWritable, 'before', name, world, commands));
    }
    expect(readdirSync(folder)).toHaveLength(3);
    world.answer('during', 'nas1', 'nfs-writable', await said(nfsWritable, 'during', 'nas1', world));
    expect(world.troubles(nfsWritable)).toEqual([]);
    await said(nfsWritable, 'after', 'web1', world);
    expect(readdirSync(folder)).toHaveLength(2);
    await said(nfsWritable, 'after', 'nas1', world);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('can write twice, since rounds are repeated', async () => {
    const { world, commands } = shared();
    await said(nfsWritable, 'before', 'web1', world, commands);
    expect(await said(nfsWritable, 'before', 'web1', world, commands)).toContain(`${nonce} wrote 0 0 same`);
  });

  it('write nothing into a folder that is not mounted', async () => {
    const { world, folder } = shared();
    expect(await said(nfsWritable, 'before', 'web1', world, new Commands().fake('grep', 'exit 1'))).toBe('');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('remove what a lost verification left an hour ago, and nothing else', async () => {
    const { world, folder } = shared();
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const name of ['.lvsctl-verify-old-0', '.lvsctl-verify-new-0', 'index.html'])
      writeFileSync(join(folder, name), 'x');
    for (const name of ['.lvsctl-verify-old-0', 'index.html']) utimesSync(join(folder, name), old, old);
    await said(nfsWritable, 'after', 'nas1', world);
    expect(readdirSync(folder).sort()).toEqual(['.lvsctl-verify-new-0', 'index.html']);
  });

  it('say why writing failed, and do not hang where the server does', async () => {
    const { world, commands } = shared();
    const gone = new World({
      ...world.cluster,
      mounts: world.cluster.mounts.map((one) => ({ ...one, path: '/nowhere/at/all' })),
    });
    expect(await said(nfsWritable, 'before', 'web1', gone, commands)).toMatch(
      /wrote 0 [1-9]\d* .*(No such|nonexistent)/,
    );
    const stuck = new Commands().fake('timeout', 'exit 124').fake('grep', 'exit 0');
    world.answer('before', 'web1', 'nfs-writable', await said(nfsWritable, 'before', 'web1', world, stuck));
    world.answer('before', 'web1', 'nfs-mounted', await said(nfsMounted, 'before', 'web1', world, stuck));
    expect(world.troubles(nfsWritable)[0]?.seen).toBe('no answer within 10 seconds');
  });

  it('ask a mounted file system', async () => {
    const { world } = shared();
    expect(await said(nfsMounted, 'before', 'web1', world)).toMatch(new RegExp(`^\\n${nonce} mount 0 0 \\S+\\n$`));
  });
});

describe('the counters section', () => {
  it('waits until the kernel has added up what it counted', async () => {
    const world = new World(cluster);
    const commands = new Commands().fake('sleep', ':');
    const at = (name: string, text: string): void => {
      writeFileSync(join(commands.folder, name), text);
    };
    at('1', stats(0));
    at('2', stats(60, { '10.77.0.14': 0 }));
    at('3', stats(60));
    at('count', '');
    commands.fake(
      'ipvsadm',
      `cd ${commands.folder}; echo x >>count; n=$(grep -c x count); [ -e "$n" ] || n=3; cat "$n"`,
    );
    world.answer('after', 'lb1', 'counters', await said(counters, 'after', 'lb1', world, commands));
    expect(world.troubles(counters)).toEqual([]);
    expect(readFileSync(join(commands.folder, 'count'), 'utf8')).toBe('x\nx\nx\n');
  });

  it('gives up after a while, and asks once where nothing is to be expected', async () => {
    const world = new World(cluster);
    const commands = new Commands().fake('sleep', 'echo slept >>"${0%/*}/slept"');
    writeFileSync(join(commands.folder, 'same'), stats(0));
    commands.fake('ipvsadm', `cat ${commands.folder}/same`);
    world.answer('after', 'lb1', 'counters', await said(counters, 'after', 'lb1', world, commands));
    expect(world.troubles(counters)[0]?.seen).toBe('web1 +0, web2 +0, web3 +0');
    expect(readFileSync(join(commands.folder, 'slept'), 'utf8')).toBe('slept\n'.repeat(6));
    const backup = new Commands().fake('sleep', 'touch "${0%/*}/slept"').fake('ipvsadm', `cat ${commands.folder}/same`);
    expect(await said(counters, 'after', 'lb2', world, backup)).toBe(stats(0));
    expect(existsSync(join(backup.folder, 'slept'))).toBe(false);
  });
});

describe('the ARP section', () => {
  it('asks by arping', async () => {
    const world = new World(cluster);
    const printed = arping(holderMac).split('\n').slice(2).join('\n');
    const commands = new Commands().fake('arping', `[ "$*" = "-c 2 -w 3 -I eth0 ${vip}" ] && printf '%s' '${printed}'`);
    world.answer('during', 'probe1', 'arp-single', await said(arpSingle, 'during', 'probe1', world, commands));
    expect(world.troubles(arpSingle)).toEqual([]);
  });

  it('reads the neighbour table where there is no arping', async () => {
    const world = new World(cluster);
    const section = arpSingle.section('during', 'probe1', world.evidence());
    const commands = new Commands().fake('ping', ':').fake('ip', `echo '${vip} lladdr ${holderMac} REACHABLE'`);
    world.answer('during', 'probe1', 'arp-single', (await runSection(section?.sh ?? '', commands.folder)).output);
    expect(world.troubles(arpSingle).map(({ status }) => status)).toEqual(['unknown']);
  });

  it('reads the address of each card without a program', async () => {
    const hosts = cluster.hosts.map((one) => ({
      ...one,
      interface: 'lo',
      addresses: one.addresses.map((own) => ({ ...own, interface: 'lo' })),
    }));
    const section = arpSingle.section('before', 'lb1', new World({ ...cluster, hosts }).evidence());
    expect((await runSection(section?.sh ?? '', '')).output).toBe('lo 00:00:00:00:00:00\n');
  });
});

describe('other sections', () => {
  it('read what ss prints', async () => {
    const world = new World(cluster);
    const commands = new Commands().fake('ss', `[ "$*" = -Hltn ] && echo 'LISTEN 0 511 0.0.0.0:80 0.0.0.0:*'`);
    world.answer(
      'before',
      'web1',
      'real-server-listens',
      await said(realServerListens, 'before', 'web1', world, commands),
    );
    expect(world.troubles(realServerListens)).toEqual([]);
  });

  it('do not take a missing configuration for a good one', async () => {
    const world = new World(cluster);
    const section = keepalivedConfig.section('before', 'lb1', world.evidence());
    const commands = new Commands().fake('keepalived', 'exit 0');
    const { code, output } = await runSection(section?.sh ?? '', `${commands.folder}:${machine}`);
    expect([code, output]).toEqual([1, '/etc/keepalived/keepalived.conf is missing or empty\n']);
  });
});

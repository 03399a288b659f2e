import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freeze, thaw } from '../../src/lab/index.ts';
import type { World } from './support.ts';

const inventory = join(import.meta.dirname, '..', '..', 'inventories', 'vrrp.yaml');

/** sh that counts the VIPs of a director. */
const count = 'ip -o -4 addr show | grep -c -E " (10.77.0.10[01]/32|10.78.0.100/24) "';

/** Waits until a director has all of the VIPs and the other none. */
async function held(world: World, holder: string, other: string): Promise<void> {
  await Promise.all([
    world.eventually(holder, `[ "$(${count})" -eq 3 ]`),
    world.eventually(other, `[ "$(${count})" -eq 0 ]`),
  ]);
}

/** The states that the notify script was told of, the last ones last. */
const told = (world: World, host: string): Promise<string> =>
  world.on(host, 'journalctl -t vrrp-notify -o cat --no-pager');

/**
 * Milliseconds between two packets of a BFD session, which ends after five that did not come: on two processors a host may wait for
 * its turn for longer than the half second that 100 would be.
 */
const bfdInterval = 500;

/** Has probe1 speak BFD with these directors, and with no others. */
async function speakBfd(world: World, directors: Readonly<Record<string, string>>): Promise<void> {
  const sessions = Object.entries(directors).map(
    ([name, address]) =>
      `bfd_instance ${name} {\n neighbor_ip ${address}\n source_ip 10.77.0.17\n min_rx ${bfdInterval}\n min_tx ${bfdInterval}\n}\n`,
  );
  await world.on('probe1', `printf '${sessions.join('').replaceAll('\n', '\\n')}' >/root/bfd.conf`);
  const start = 'systemd-run --unit bfd keepalived -n -f /root/bfd.conf -p /run/speaker.pid';
  await world.on(
    'probe1',
    `if systemctl -q is-active bfd; then kill -HUP "$(systemctl show -P MainPID bfd)"; else ${start}; fi`,
  );
}

/** The rule of routing that the master has. */
const rule = 'ip rule | grep -c "6000:.from 10.77.0.100 lookup 100"';

/** Tests of the example vrrp.yaml, once it is applied: its VIPs move when they must, and only then. */
export function testVrrp(itsWorld: () => World): void {
  test('a pair has its VIPs, labels and routes on the director of the highest priority', async () => {
    const world = itsWorld();
    await held(world, 'lb1', 'lb2');
    expect(await world.on('lb1', 'ip -o addr show to 10.77.0.101')).toContain('eth0:mail');
    expect(await world.on('lb1', 'ip route show 192.0.2.0/24')).toContain(
      'via 10.77.0.17 dev eth0 proto keepalived src 10.77.0.100',
    );
    expect(await told(world, 'lb1')).toMatch(/INSTANCE outer is MASTER, priority 150\n$/);
  });

  test('the pair moves as a whole when a tracked script fails, takes its route along, and returns', async () => {
    const world = itsWorld();
    await world.on('lb1', 'touch /etc/service-is-down');
    await held(world, 'lb2', 'lb1');
    expect(await world.on('lb1', 'ip route show 192.0.2.0/24')).toBe('');
    expect(await told(world, 'lb1')).toMatch(/INSTANCE outer is FAULT, priority 150\n$/);
    await world.on('lb1', 'rm /etc/service-is-down');
    await held(world, 'lb1', 'lb2');
    expect(await told(world, 'lb2')).toMatch(/INSTANCE outer is BACKUP, priority 100\n$/);
  });

  test('the pair is taken over from a host that froze, which lets go of it when it is back', async () => {
    const world = itsWorld();
    await freeze(world.lab, 'lb1');
    await world.eventually('lb2', `[ "$(${count})" -eq 3 ]`);
    await thaw(world.lab, 'lb1');
    await held(world, 'lb1', 'lb2');
  });

  test('without preemption a director that returns leaves the VIPs where they are, until its BFD session ends', async () => {
    const world = itsWorld();
    await speakBfd(world, { lb1: '10.77.0.11', lb2: '10.77.0.12' });
    const folder = join(world.folder, 'stays');
    await mkdir(join(folder, 'scripts'), { recursive: true });
    const text = await readFile(inventory, 'utf8');
    const stays = join(folder, 'vrrp.yaml');
    const more = [
      'rules: [{ from: 10.77.0.100, table: 100 }]',
      `track: [{ bfd: { neighbor: 10.77.0.17, minRx: ${bfdInterval}, minTx: ${bfdInterval} } }]`,
      'notify: { all:',
    ];
    await writeFile(
      stays,
      text
        .replaceAll('interval: 0.2', 'preempt: false\n    interval: 0.2')
        .replace('notify: { all:', more.join('\n    ')),
    );
    for (const script of ['vrrp-notify.sh', 'service-is-well.sh'])
      await writeFile(join(folder, 'scripts', script), await readFile(join(inventory, '..', 'scripts', script)));
    const apply = await world.lvsctl(['apply', '--yes', '-i', stays]);
    expect(`${apply.code} ${apply.stdout}${apply.stderr}`).toMatch(/^0 /);
    await world.on('lb1', 'systemctl stop keepalived');
    await held(world, 'lb2', 'lb1');
    await world.on('lb1', 'systemctl start keepalived');
    await world.eventually('lb1', "journalctl -u keepalived -o cat --no-pager | tail -n 5 | grep -q 'Entering BACKUP'");
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await held(world, 'lb2', 'lb1');
    const proof = await world.lvsctl(['verify', '--wait', '30', '-i', stays]);
    expect(`${proof.code} ${proof.stdout}${proof.stderr}`).toMatch(/^0 /);
    await world.on('lb2', rule);
    await speakBfd(world, { lb1: '10.77.0.11' });
    await held(world, 'lb1', 'lb2');
    await world.on('lb1', rule);
    expect(await world.on('lb2', `${rule} || :`)).toBe('0\n');
    await world.on('probe1', 'systemctl stop bfd');
  });
}

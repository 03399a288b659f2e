import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { boot, example, type World } from './support.ts';
import { tracesOf } from './traces.ts';

let world: World;
let before: readonly string[] = [];

const converted = ['lb3', 'web3', 'nas1'] as const;
const look = (): Promise<string[]> => Promise.all(converted.map((host) => tracesOf(world, host)));

// One cluster of three systems, each of which is a director, a web server and a host with HAProxy.
beforeAll(async () => {
  const chosen = [
    ...(['lb2', 'web2'] as const).map((name) => [name, 'bookworm'] as const),
    ...converted.map((name) => [name, 'rhel-like'] as const),
  ];
  world = await boot('warm', join(import.meta.dirname, 'systems.yaml'), new Map(chosen));
  before = await look();
});
afterAll(async () => {
  await world.close();
});

/** Answers of the VIP to the client, one by one. */
const answers = (path: string): Promise<string> =>
  world.on(
    'probe1',
    `for n in 1 2 3 4 5 6; do curl -s -m 3 -o /dev/null -w "%{http_code} " http://10.77.0.${path}; done`,
  );

test('the hosts are what they say', async () => {
  const release = 'cut -d . -f 1 /etc/debian_version; keepalived -v 2>&1 | head -n 1';
  expect(await world.on('lb1', release)).toMatch(/^13\nKeepalived v2\.3\./);
  expect(await world.on('lb2', release)).toMatch(/^12\nKeepalived v2\.2\.7 /);
  const absent = 'for program in apt-get apt-cache dpkg dpkg-query; do ! command -v $program || exit 1; done';
  for (const host of converted)
    expect(await world.on(host, `${absent}; . /etc/os-release; echo $ID`)).toBe('almalinux\n');
  const facts = await world.lvsctl(['facts', 'lb3']);
  expect(facts.stdout).toContain('almalinux 9.6');
});

test('a host that runs another family than the inventory says is refused, with what to write', async () => {
  const plan = await world.lvsctl(['plan', '-i', example]);
  expect(plan.code).toBe(1);
  for (const host of ['web3', 'nas1']) {
    expect(`${plan.stdout}${plan.stderr}`).toMatch(
      new RegExp(`${host}.*runs almalinux 9\\.6, which is not of platform debian`),
    );
  }
  expect(`${plan.stdout}${plan.stderr}`).toContain('set "platform: rhel"');
});

test('one deployment serves from all of them, and changes nothing the second time', async () => {
  const plan = await world.lvsctl(['plan', '--exit-code', '--limit', 'lb3']);
  expect(`${plan.code} ${plan.stdout}`).toMatch(/^2 [^]*\+ package nftables/);
  const applied = await world.lvsctl(['apply', '--yes']);
  expect(`${applied.code} ${applied.stdout}${applied.stderr}`).toMatch(/^0 /);
  expect(await world.on('lb3', 'rpm -q nftables keepalived')).toMatch(/^nftables-.*\.el9\.x86_64\nkeepalived-/);
  const again = await world.lvsctl(['plan', '--exit-code']);
  expect(`${again.code} ${again.stdout}`).toMatch(/^0 /);
});

test('each takes over from the one before, with the same table', async () => {
  await world.on('lb1', 'systemctl stop keepalived');
  await world.eventually('lb2', 'ip -o addr show eth0 | grep -q 10.77.0.100/32');
  await world.eventually('lb2', "ipvsadm -Ln | grep -c '^  ->.*Route' | grep -qx 3");
  expect(await answers('100/healthz')).toBe('200 '.repeat(6));
  await world.on('lb2', 'systemctl stop keepalived');
  await world.eventually('lb3', 'ip -o addr show eth0 | grep -q 10.77.0.100/32');
  await world.eventually('lb3', "ipvsadm -Ln | grep -c '^  ->.*Route' | grep -qx 3");
  expect(await answers('100/healthz')).toBe('200 '.repeat(6));
  expect(await answers('102/healthz')).toBe('200 '.repeat(6));
  for (const host of ['lb1', 'lb2']) await world.on(host, 'systemctl start keepalived');
  await world.eventually('lb1', 'ip -o addr show eth0 | grep -q 10.77.0.100/32');
  await world.eventually('lb2', '! ip -o addr show eth0 | grep -q 10.77.0.100/32');
  await world.eventually('lb3', '! ip -o addr show eth0 | grep -q 10.77.0.100/32');
  const proof = await world.lvsctl(['verify', '--wait', '30']);
  expect(`${proof.code} ${proof.stdout}${proof.stderr}`).toMatch(/^0 /);
});

test('it is taken away by dnf and systemd without a trace, what the packages had brought put back', async () => {
  const { code, stdout, stderr } = await world.lvsctl(['teardown', '--yes', '--packages']);
  expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
  expect(stdout).toContain("Nothing of lvsctl's is left");
  expect(await world.on('lb3', 'rpm -q nftables || :')).toContain('is not installed');
  const after = await look();
  for (const [index, host] of converted.entries()) expect(`${host}\n${after[index]}`).toBe(`${host}\n${before[index]}`);
});

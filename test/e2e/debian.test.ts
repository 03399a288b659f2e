import { afterAll, beforeAll, expect, test } from 'vitest';
import { boot, example, type World } from './support.ts';

let world: World;

// One cluster of two Debians: the backup director and one of the web servers run the older one.
beforeAll(async () => {
  world = await boot('warm', example, new Map((['lb2', 'web2'] as const).map((name) => [name, 'bookworm'])));
});
afterAll(async () => {
  await world.close();
});

test('Debian 12 and 13 serve side by side, each with its own keepalived', async () => {
  const release = 'cut -d . -f 1 /etc/debian_version; keepalived -v 2>&1 | head -n 1';
  expect(await world.on('lb1', release)).toMatch(/^13\nKeepalived v2\.3\./);
  expect(await world.on('lb2', release)).toMatch(/^12\nKeepalived v2\.2\.7 /);
  const applied = await world.lvsctl(['apply', '--yes']);
  expect(`${applied.code} ${applied.stdout}${applied.stderr}`).toMatch(/^0 /);
  const plan = await world.lvsctl(['plan', '--exit-code']);
  expect(`${plan.code} ${plan.stdout}`).toMatch(/^0 /);
});

test('the older one takes over from the newer, with the same table', async () => {
  await world.on('lb1', 'systemctl stop keepalived');
  await world.eventually('lb2', 'ip -o addr show eth0 | grep -q 10.77.0.100/32');
  await world.eventually('lb2', "ipvsadm -Ln | grep -c '^  ->.*Route' | grep -qx 3");
  expect(
    await world.on(
      'probe1',
      'for n in 1 2 3 4 5 6; do curl -s -m 3 -o /dev/null -w "%{http_code} " http://10.77.0.100/healthz; done',
    ),
  ).toBe('200 '.repeat(6));
  await world.on('lb1', 'systemctl start keepalived');
  await world.eventually('lb1', 'ip -o addr show eth0 | grep -q 10.77.0.100/32');
  await world.eventually('lb2', '! ip -o addr show eth0 | grep -q 10.77.0.100/32');
  const proof = await world.lvsctl(['verify']);
  expect(`${proof.code} ${proof.stdout}${proof.stderr}`).toMatch(/^0 /);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../../src/inventory/cluster.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import { boot, type World } from './support.ts';
import { traces } from './traces.ts';
import { hidings, type Hiding } from './unnamed-networks.ts';

const folder = join(import.meta.dirname, '..', '..', 'inventories');
const only = process.env['LVSCTL_EXAMPLES']?.split(',');
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml') && (only?.includes(name.replace('.yaml', '')) ?? true))
  .sort();

const everything = join(import.meta.dirname, 'universe.yaml');

const universe = join(import.meta.dirname, 'universe.yaml');
let world: World;
let everyNic: ReadonlyMap<string, readonly string[]>;

// One boot for all examples: each is deployed on the hosts that it names, proved, and taken away again.
beforeAll(async () => {
  world = await boot('warm', everything);
});
afterAll(async () => {
  await world.close();
});

async function hostsOf(inventory: string): Promise<readonly Host[]> {
  const loaded = await loadCluster(inventory, process.env);
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  return loaded.value.hosts;
}

function nics(hosts: readonly Host[]): ReadonlyMap<string, readonly string[]> {
  return new Map(hosts.map(({ name, addresses }) => [name, [...new Set(addresses.map((one) => one.interface))]]));
}

/** Runs a line on a host by the address that an example gives it. */
async function on({ name, addresses, ssh }: Host, line: string): Promise<string> {
  const target = `HostName=${ssh.host ?? addresses[0]?.address ?? name}`;
  const { code, stdout, stderr } = await world.run(['ssh', '-F', world.lab.layout.sshConfig, '-o', target, name, line]);
  if (code !== 0) throw new Error(`${name}: ${line}: exit code ${code}: ${stderr}`);
  return stdout;
}

/** A host is only on the networks that the example puts it on: the others are off while it is tried. */
async function setOthers(hosts: readonly Host[], state: 'up' | 'down'): Promise<void> {
  const own = nics(hosts);
  await Promise.all(
    hosts.map(async (host) => {
      const others = (everyNic.get(host.name) ?? []).filter((nic) => !own.get(host.name)?.includes(nic));
      const lines = others.map(
        (nic) => `sysctl -qw net.ipv6.conf.${nic}.keep_addr_on_down=1; ip link set ${nic} ${state}`,
      );
      if (lines.length > 0) await on(host, lines.join('; '));
    }),
  );
}

describe.each(examples)('%s', (name) => {
  afterAll(() => setOthers(hosts, 'up'));

  const inventory = join(folder, name);
  let hosts: readonly Host[] = [];
  let before: readonly string[] = [];
  let hidden: readonly Hiding[] = [];

  const look = (): Promise<string[]> => Promise.all(hosts.map((host) => on(host, traces)));

  test('is applied and proved', async () => {
    hosts = await hostsOf(inventory);
    await setOthers(hosts, 'down');
    before = await look();
    const universe = await loadCluster(everything, process.env);
    if (loaded.ok && universe.ok) hidden = hidings(universe.value, loaded.value);
    for (const { host, hide } of hidden) await world.on(host, hide);
    const { code, stdout, stderr } = await world.lvsctl(['apply', '--yes', '-i', inventory]);
    expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
  });

  test('needs nothing more, and still holds', async () => {
    const plan = await world.lvsctl(['plan', '--exit-code', '-i', inventory]);
    expect(`${plan.code} ${plan.stdout}${plan.stderr}`).toMatch(/^0 /);
    const proof = await world.lvsctl(['verify', '-i', inventory]);
    expect(`${proof.code} ${proof.stdout}${proof.stderr}`).toMatch(/^0 /);
  });

  test('is taken away without a trace', async () => {
    const { code, stdout, stderr } = await world.lvsctl(['teardown', '--yes', '-i', inventory]);
    expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
    expect(stdout).toContain("Nothing of lvsctl's is left");
    for (const { host, show } of hidden) await world.on(host, show);
    const after = await look();
    for (const [index, { name: host }] of hosts.entries())
      expect(`${host}\n${after[index]}`).toBe(`${host}\n${before[index]}`);
    const again = await world.lvsctl(['teardown', '--yes', '-i', inventory]);
    expect(again.stdout).toContain('Nothing to take away');
  });
});

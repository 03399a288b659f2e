import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCluster } from '../../src/inventory/load.ts';
import { boot, type World } from './support.ts';
import { traces } from './traces.ts';
import { hidings, type Hiding } from './unnamed-networks.ts';

const folder = join(import.meta.dirname, '..', '..', 'inventories');
const only = process.env['LVSCTL_EXAMPLES']?.split(',');
const everything = join(import.meta.dirname, 'universe.yaml');

/** Every second example, from the first or from the second on: two files of tests share them, each with a boot of its own. */
const half = (from: 0 | 1): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && (only?.includes(name.replace('.yaml', '')) ?? true))
    .sort()
    .filter((_name, index) => index % 2 === from);

/** The tests of a half, on one boot: each example is deployed on the hosts that it names, proved, and taken away again. */
export function testExamples(from: 0 | 1): void {
  let world: World;

  beforeAll(async () => {
    world = await boot('warm', everything);
  });
  afterAll(async () => {
    await world.close();
  });

  describe.each(half(from))('%s', (name) => {
    const inventory = join(folder, name);
    let hosts: readonly string[] = [];
    let before: readonly string[] = [];
    let hidden: readonly Hiding[] = [];

    const look = (): Promise<string[]> => Promise.all(hosts.map((host) => world.on(host, traces)));

    test('is applied and proved', async () => {
      const loaded = await loadCluster(inventory, process.env);
      expect(loaded).toMatchObject({ ok: true });
      if (loaded.ok) hosts = loaded.value.hosts.map((host) => host.name);
      before = await look();
      const universe = await loadCluster(everything, process.env);
      if (loaded.ok && universe.ok) hidden = hidings(universe.value, loaded.value);
      for (const { host, hide } of hidden) await world.on(host, hide);
      const { code, stdout, stderr } = await world.lvsctl(['apply', '--yes', '-i', inventory]);
      expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
      expect(stdout).toMatch(/^Verified\. /m);
    });

    test('needs nothing more', async () => {
      const plan = await world.lvsctl(['plan', '--exit-code', '-i', inventory]);
      expect(`${plan.code} ${plan.stdout}${plan.stderr}`).toMatch(/^0 /);
    });

    test('is taken away without a trace', async () => {
      const { code, stdout, stderr } = await world.lvsctl(['teardown', '--yes', '-i', inventory]);
      expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
      expect(stdout).toContain("Nothing of lvsctl's is left");
      for (const { host, show } of hidden) await world.on(host, show);
      const after = await look();
      for (const [index, host] of hosts.entries()) expect(`${host}\n${after[index]}`).toBe(`${host}\n${before[index]}`);
      if (name !== half(from)[0]) return;
      const again = await world.lvsctl(['teardown', '--yes', '-i', inventory]);
      expect(again.stdout).toContain('Nothing to take away');
    });
  });
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import { wishesOf } from '../support/cluster.ts';
import { testChecks } from './checks.ts';
import { boot, type World } from './support.ts';
import { differences, traceAfterPackages, tracesAfterPackages, tracesOf } from './traces.ts';
import { hidings } from './unnamed-networks.ts';
import { testVrrp } from './vrrp.ts';

const folder = join(import.meta.dirname, '..', '..', 'inventories');
const only = process.env['LVSCTL_EXAMPLES']?.split(',');
/** Blank hosts have every package installed by the first example that needs it, which takes longer. */
const image = process.env['LVSCTL_EXAMPLES_FROM'] === 'blank' ? 'blank' : 'warm';
const everything = join(import.meta.dirname, 'universe.yaml');

/** What LVS and its web servers are made of. */
const usual = ['keepalived', 'ipvsadm', 'nginx'];

/** The one whose real servers need routes and devices of every kind at boot, which is another way there than an apply. */
const rebooted = ['modes'];

/** What else is tried with an example while it is there. */
const stories: Readonly<Record<string, (world: () => World) => void>> = { checks: testChecks, vrrp: testVrrp };

/** The example that other stories tell: from blank hosts (cluster.test.ts), and to the teardown of all (operate.test.ts). */
const toldElsewhere = 'dr';

interface Example {
  readonly name: string;
  readonly file: string;
  readonly cluster: Cluster;
  readonly hosts: readonly string[];
}

async function load(file: string): Promise<Cluster> {
  const loaded = await loadCluster(file, process.env);
  if (!loaded.ok) throw new Error(`${file} is not sound`);
  return loaded.value;
}

/** Whether a cluster has packages installed besides the usual ones. */
function wantsMore(cluster: Cluster): boolean {
  const packages = wishesOf(cluster).flatMap(({ resources }) =>
    resources.flatMap(({ resource }) => (resource.kind === 'package' ? resource.present : [])),
  );
  return packages.some((name) => !usual.includes(name));
}

async function examples(which: 'usual' | 'more'): Promise<Example[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const all = await Promise.all(
    names.sort().map(async (name): Promise<Example> => {
      const file = join(folder, name);
      const cluster = await load(file);
      return { name: name.replace('.yaml', ''), file, cluster, hosts: cluster.hosts.map((host) => host.name) };
    }),
  );
  return all
    .filter(({ name }) => only?.includes(name) ?? name !== toldElsewhere)
    .filter(({ cluster }) => wantsMore(cluster) === (which === 'more'));
}

/**
 * The tests of the examples that need the usual packages alone, or of those that need more, on one boot: each is deployed on the
 * hosts that it names, proved, and taken away again.
 */
export async function testExamples(which: 'usual' | 'more'): Promise<void> {
  const universe = await load(everything);
  const its = await examples(which);
  const hosts = universe.hosts.map(({ name }) => name).filter((name) => its.some((one) => one.hosts.includes(name)));
  let world: World;
  /** How each host was when the last example that it was in was gone. */
  const lastSeen = new Map<string, string>();

  beforeAll(async () => {
    world = await boot(image, everything, undefined, hosts);
    await Promise.all(
      hosts.map(async (host) => {
        await world.on(host, traceAfterPackages);
        lastSeen.set(host, await tracesOf(world, host));
      }),
    );
  });
  afterAll(async () => {
    await world.close();
  });

  describe.each(its)('$name', (example) => {
    const hidden = hidings(universe, example.cluster);

    test('is applied and proved', async () => {
      await Promise.all(hidden.map(({ host, hide }) => world.on(host, hide)));
      const { code, stdout, stderr } = await world.lvsctl(['apply', '--yes', '-i', example.file]);
      expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
      expect(stdout).toMatch(/^Verified\. /m);
    });

    test('needs nothing more', async () => {
      const plan = await world.lvsctl(['plan', '--exit-code', '-i', example.file]);
      expect(`${plan.code} ${plan.stdout}${plan.stderr}`).toMatch(/^0 /);
    });

    if (rebooted.includes(example.name)) {
      test('is all there after a reboot of every host', async () => {
        await world.reboot(example.hosts);
        await Promise.all(hidden.map(({ host, hide }) => world.on(host, hide)));
        const plan = await world.lvsctl(['plan', '--exit-code', '-i', example.file]);
        expect(`${plan.code} ${plan.stdout}${plan.stderr}`).toMatch(/^0 /);
        const proof = await world.lvsctl(['verify', '--wait', '30', '-i', example.file]);
        expect(`${proof.code} ${proof.stdout}${proof.stderr}`).toMatch(/^0 /);
      });
    }

    stories[example.name]?.(() => world);

    test('is taken away without a trace', async () => {
      const { code, stdout, stderr } = await world.lvsctl(['teardown', '--yes', '-i', example.file]);
      expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
      expect(stdout).toContain("Nothing of lvsctl's is left");
      const look = async (host: string): Promise<string[]> => {
        const show = hidden.find((one) => one.host === host)?.show ?? ':';
        const fresh = await world.on(host, tracesAfterPackages);
        // Those were taken while networks were hidden.
        const found = fresh === '' ? [] : differences(fresh, await tracesOf(world, host), true);
        await world.on(host, show);
        const after = await tracesOf(world, host);
        if (fresh === '') found.push(...differences(lastSeen.get(host) ?? '', after, false));
        lastSeen.set(host, after);
        return found.map((line) => `${host} ${line}`);
      };
      expect((await Promise.all(example.hosts.map(look))).flat()).toEqual([]);
      if (example !== its[0]) return;
      const again = await world.lvsctl(['teardown', '--yes', '-i', example.file]);
      expect(again.stdout).toContain('Nothing to take away');
    });
  });
}

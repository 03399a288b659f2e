import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environment } from '../../src/lab/index.ts';
import { nothingLost, underLoad } from './load.ts';
import { bootApplied, type World } from './support.ts';

const inventory = join(import.meta.dirname, 'rolling.yaml');
const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** DR, TUN and NAT, behind nginx's own unit and behind one that restarts. */
const sites = ['10.77.0.100:80', '10.77.0.102:81', '10.77.0.101:82'].map((place) => `http://${place}/healthz`);
const shops = ['10.77.0.100:90', '10.77.0.102:91', '10.77.0.101:92'].map((place) => `http://${place}/`);

let world: World;
/** The inventory as it stands now: changes follow each other on one boot. */
let text: string;
let file: string;

beforeAll(async () => {
  world = await bootApplied(inventory);
  text = await readFile(inventory, 'utf8');
  // Under its own name, which stands in every rendered file.
  file = join(world.folder, 'rolling.yaml');
});
afterAll(async () => {
  await world.close();
});

async function change(from: string, to: string): Promise<void> {
  const changed = text.replaceAll(from, to);
  if (changed === text) throw new Error(`${from} is not in the inventory`);
  text = changed;
  await writeFile(file, text);
}

async function apply(code: number, ...args: string[]): Promise<string> {
  const ended = await world.lvsctl(['apply', '--yes', '-i', file, ...args]);
  expect(`${ended.code} ${ended.stdout}${ended.stderr}`).toMatch(new RegExp(`^${code} `));
  return ended.stdout + ended.stderr;
}

/** Sixty requests a second, 20 in each mode, while something is done: how many were lost, and how. */
const loaded = (urls: readonly string[], work: () => Promise<void>): Promise<string> =>
  underLoad(world, 60, urls, work);

// Promise 3, rolling with proof. Broken on purpose: `before` of Rolling drained nobody; this then fails at the load, 24 requests of 1584
// refused or reset.
test('a unit that restarts on every real server loses no request in DR, TUN and NAT, and sites only reload', async () => {
  await change('shop, 1', 'shop, 2');
  await change('site 1', 'site 2');
  let said = '';
  const load = await loaded([...shops, ...sites], async () => {
    said = await apply(0);
  });
  expect(load).toMatch(nothingLost);
  expect(said).toContain('» drain web1, change, ask by the health check, put back');
  expect(said).toMatch(/drain: web1 drained on lb1, lb2[^]*real-servers: web1 done[^]*drain: web2 drained on lb1, lb2/);
});

// Promise 3. Broken on purpose: `before` of Rolling had no director hand over; this then fails at the load, 38 requests of 2724 lost.
// A hand-over by the same file without the quiet moment before it, done by hand on these hosts, lost one request of 215.
test('keepalived is restarted on both directors after a hand-over, and then a new configuration is reloaded: no request is lost', async () => {
  await change('vrrp:\n', 'keepalived: { options: [--log-detail] }\nvrrp:\n');
  let said = '';
  const load = await loaded(sites, async () => {
    said = await apply(0);
    await change('scheduler: rr', 'scheduler: wrr');
    said += await apply(0);
  });
  expect(load).toMatch(nothingLost);
  expect(said).toContain('lb1 hands 10.77.0.100');
  expect(said).toContain('over to lb2');
  expect(said).toMatch(/lb1 gets 10\.77\.0\.100.* back/);
  expect(await world.on('lb1', 'ip -br addr show eth0')).toContain('10.77.0.100');
});

test('a canary that does not do its work is taken back and put back, and the others are not touched', async () => {
  const good = text;
  await change('shop, 2', 'shop, 3');
  // It starts, listens, and is no use.
  await change('return 200 "shop', 'return 404 "shop');
  const before = await world.on('web2', 'cat /etc/shop.conf; systemctl show -P ActiveEnterTimestampMonotonic shop');
  const load = await loaded(shops, async () => {
    const said = await apply(1);
    expect(said).toMatch(/web1, stage real-servers: asked from lb[12]: web1 does not answer soundly/);
    expect(said).toContain('web1 was looked at again: it is as it was before');
    expect(said).toContain('Not begun: real-servers on web2');
  });
  expect(load).toMatch(nothingLost);
  expect(await world.on('web2', 'cat /etc/shop.conf; systemctl show -P ActiveEnterTimestampMonotonic shop')).toBe(
    before,
  );
  text = good;
});

test('lvsctl is killed while a real server is drained: the next plan says so, and an apply puts it back', async () => {
  await change('shop, 2', 'shop, 4');
  const child = spawn('ip', ['netns', 'exec', world.lab.namespace, process.execPath, main, 'apply', '--yes'], {
    env: { ...process.env, NO_COLOR: '1', ...environment(world.lab), LVSCTL_INVENTORY: file },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    output += data;
    // It is waited for, or asked: drained all the same.
    if (/web1: \d+ active connections/.test(output)) child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(child.signalCode, output).toBe('SIGKILL');
  const weights = 'ipvsadm -Ln | awk \'$2 == "10.77.0.13:90" { print $4 }\'';
  expect(await world.on('lb1', weights)).toBe('0\n');
  await world.eventually('lb1', '[ ! -e /run/lvsctl/lock ]', 90);
  const plan = await world.lvsctl(['plan', '-i', file]);
  expect(plan.stdout).toContain('Still drained by a run that came to no end: web1.');
  await apply(0);
  expect(await world.on('lb1', weights)).toBe('1\n');
  const again = await world.lvsctl(['plan', '--exit-code', '-i', file]);
  expect(`${again.code} ${again.stdout}`).toMatch(/^0 /);
});

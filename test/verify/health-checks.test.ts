import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import type { Check } from '../../src/verify/check.ts';
import { bootOrder } from '../../src/verify/checks/boot-order.ts';
import { certificates } from '../../src/verify/checks/certificates.ts';
import { clocksAgree } from '../../src/verify/checks/clocks-agree.ts';
import { foreignServices } from '../../src/verify/checks/foreign-services.ts';
import { peersAlike } from '../../src/verify/checks/peers-alike.ts';
import { receiveMerging } from '../../src/verify/checks/receive-merging.ts';
import { vrrpLog } from '../../src/verify/checks/vrrp-log.ts';
import { quote } from '../../src/ssh/quote.ts';
import { Secret } from '../../src/secret.ts';
import { Commands, runSection } from './shell.ts';
import { drCluster, startsAfter, World } from './world.ts';

let dr: Cluster;
let certificate: string;
beforeAll(async () => {
  dr = await drCluster();
  const args =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null -subj /CN=shop -days 100';
  certificate = execFileSync('openssl', args.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
});

const found = (check: Check, world: World): string[] =>
  check
    .judge(world.evidence())
    .map(({ status, severity, where, seen }) => `${status}${severity ? ` ${severity}` : ''} ${where}: ${seen}`);

/** A cluster whose hosts answer a check as given. */
function answering(check: Check, said: Readonly<Record<string, string>>): World {
  const world = new World(dr);
  for (const where of dr.hosts.map(({ name }) => name)) world.silence('before', where, check.name);
  for (const [where, output] of Object.entries(said)) world.answer('before', where, check.name, output);
  return world;
}

test.each<[string, Check, Record<string, string>, string[]]>([
  ['no kube-proxy', foreignServices, { lb1: '\n', lb2: '' }, ['ok lb1: no kube-proxy', 'ok lb2: no kube-proxy']],
  ['kube-proxy', foreignServices, { lb1: 'kube-ipvs0\nkube-proxy\n' }, ['failed lb1: kube-ipvs0 kube-proxy']],
  ['clocks', clocksAgree, { lb1: '1000\n', lb2: '1060\n', web1: '1010\n' }, ['ok shop: so they do']],
  ['a clock that is off', clocksAgree, { lb1: '1000', lb2: '1072', web1: '1010' }, ['failed shop: lb2 +62 s']],
  ['a clock that says nonsense', clocksAgree, { lb1: '1000', lb2: '1e9', web1: '1001' }, ['ok shop: so they do']],
  ['one clock', clocksAgree, { lb1: '1000' }, []],
  ['a quiet log', vrrpLog, { lb1: 'journal\n' }, ['ok lb1: no complaint']],
  [
    'a wrong password',
    vrrpLog,
    { lb1: 'journal\n(VI_1) received an invalid passwd!\n' },
    ['failed lb1: (VI_1) received an invalid passwd!'],
  ],
  [
    'units that wait, and one that does not',
    bootOrder,
    {
      lb1: startsAfter('keepalived.service', 'network-online.target'),
      web1: startsAfter('nginx.service', 'remote-fs.target'),
      web2: startsAfter('nginx.service', 'network.target'),
    },
    ['ok lb1: so it does', 'ok web1: so it does', 'failed web2: it does not wait for remote-fs.target'],
  ],
  ['a unit that is not there', bootOrder, { lb1: 'Id=keepalived.service\nAfter=\nLoadState=not-found\n' }, []],
  ['no systemd', bootOrder, { lb1: '' }, []],
  ['LRO', receiveMerging, { lb1: 'eth0 off\n', lb2: 'eth0 on\n' }, ['ok lb1: LRO off', 'failed lb2: LRO on']],
  ['a NIC that does not say', receiveMerging, { lb1: '' }, []],
  ['no journal', vrrpLog, { lb1: 'none\n' }, []],
])('%s', (_what, check, said, expected) => {
  expect(found(check, answering(check, said))).toEqual(expected);
});

test('versions that differ between peers are named with their hosts', () => {
  const world = new World(dr);
  expect(found(peersAlike, world)).toEqual(['ok shop: one version of each', 'ok shop: one version of each']);
  world.state('lb1', 'package all', { installed: new Map([['keepalived', '2.3.3']]), candidates: new Map() });
  world.state('lb2', 'package all', { installed: new Map([['keepalived', '2.2.7']]), candidates: new Map() });
  expect(found(peersAlike, world)[0]).toBe('failed shop: keepalived: 2.3.3 on lb1; 2.2.7 on lb2');
});

test.each<[string, number, string]>([
  ['valid for long', 0, 'ok'],
  ['over within two weeks', 87, 'failed warning'],
  ['over', 101, 'failed'],
  ['not yet valid', -2, 'failed'],
])('a certificate that is %s', (_what, days, status) => {
  const tls = { certificate, key: new Secret('a private key', 'a test') };
  const world = new World({ ...dr, sites: dr.sites.map((site) => ({ ...site, hosts: ['web1'], tls })) });
  world.answer('before', 'web1', 'certificates', `${Math.floor(Date.now() / 1000) + days * 86_400}\n`);
  expect(found(certificates, world)[0]).toMatch(new RegExp(`^${status} web1: from \\d{4}-`));
});

test('a certificate that cannot be read is not known', () => {
  const tls = { certificate: 'none', key: new Secret('a private key', 'a test') };
  const world = new World({ ...dr, sites: dr.sites.map((site) => ({ ...site, hosts: ['web1'], tls })) });
  world.answer('before', 'web1', 'certificates', '1\n');
  expect(found(certificates, world)).toEqual(['unknown web1: it could not be read']);
});

test.each<[string, () => Commands, string]>([
  ['ethtool', () => new Commands().fake('ethtool', "echo 'large-receive-offload: on'"), 'eth0 on\n'],
  [
    'ethtool of a fixed NIC',
    () => new Commands().fake('ethtool', "echo 'large-receive-offload: off [fixed]'"),
    'eth0 off\n',
  ],
  ['neither ethtool nor perl', () => new Commands(), ''],
])('LRO by %s', async (_what, commands, expected) => {
  const sh = receiveMerging.section('before', 'lb1', new World(dr).evidence())?.sh ?? '';
  expect((await runSection(sh, commands().folder)).output).toBe(expected);
});

test('LRO by perl, which asks the kernel', async () => {
  const [director, ...rest] = dr.hosts;
  if (!director) throw new Error('there is no host');
  const hosts = [{ ...director, interface: 'lo', addresses: [] }, ...rest];
  const sh = receiveMerging.section('before', director.name, new World({ ...dr, hosts }).evidence())?.sh ?? '';
  expect((await runSection(sh, new Commands().real('perl').folder)).output).toBe('lo off\n');
});

test.each([
  ['(VI_1) received a 1 auth from 10.77.0.17, expecting 0!', true],
  ['(VI_1) received an invalid passwd!', true],
  ['(VI_1) expected 4 VIPs but received 1', true],
  ['(VI_1) ip address associated with VRID 51 not present in MASTER advert: 10.77.0.250', true],
  ["(VI_1) advertisement interval mismatch mine=1 sec rcv'd=2 sec", true],
  ['(VI_1) received lower priority (100) advert from 10.77.0.12 - discarding', false],
  ['(VI_1) Received advert from 10.77.0.12 with lower priority 100, ours 150, forcing new election', false],
])('the log of keepalived: %s', async (line, isComplaint) => {
  const sh = vrrpLog.section('before', 'lb1', new World(dr).evidence())?.sh ?? '';
  const commands = new Commands().fake('journalctl', `echo ${quote(line)}`).real('timeout', 'grep');
  const world = answering(vrrpLog, { lb1: (await runSection(sh, commands.folder)).output });
  expect(found(vrrpLog, world)).toEqual([isComplaint ? `failed lb1: ${line}` : 'ok lb1: no complaint']);
});

import { beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { ipvsSettings } from '../../src/verify/checks/ipvs-settings.ts';
import { makeIpvs } from '../support/cluster.ts';
import { drCluster, World } from './world.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await drCluster();
});

const daemon = {
  ...{ interfaces: { lb1: 'eth0', lb2: 'eth0' }, id: 7, instance: 'VI_1' },
  ...{ port: 8848, group: '224.0.0.81', ttl: 1 },
};
const timeouts = { tcp: 1800, tcpFin: undefined, udp: 60 };
const says = (state: string, id = 7) => `${state} sync daemon (mcast=eth0, syncid=${id}, maxlen=1472, port=8848)\n`;
const times = (text: string) => `Timeout (tcp tcpfin udp): ${text}\n`;

/** What lb1, which holds the VIP, and lb2 are found to be. */
function found(settings: Parameters<typeof makeIpvs>[0], lb1: string, lb2: string, held = true): string[] {
  const world = new World({ ...cluster, ipvs: makeIpvs(settings) });
  world.answer('before', 'lb1', 'ipvs-settings', lb1);
  world.answer('before', 'lb2', 'ipvs-settings', lb2);
  if (!held) world.address('lb1', { interface: 'eth0', address: '10.77.0.100', prefix: 32 }, false);
  return ipvsSettings.judge(world.evidence()).map(({ status, where }) => `${where} ${status}`);
}

test.each([
  ['as wished', says('master'), says('backup'), ['lb1 ok', 'lb2 ok']],
  ['none', '', '', ['lb1 failed', 'lb2 failed']],
  ['the other way round', says('backup'), says('master'), ['lb1 failed', 'lb2 failed']],
  ['of another id', says('master', 8), says('backup'), ['lb1 failed', 'lb2 ok']],
])('the sync daemon: %s', (_name, lb1, lb2, statuses) => {
  expect(found({ syncDaemon: daemon }, lb1, lb2)).toEqual(statuses);
});

test('both daemons run on each director where instances have different masters', () => {
  const both = says('master') + says('backup');
  const settings = { syncDaemon: { ...daemon, instance: undefined } };
  expect(found(settings, both, says('master'))).toEqual(['lb1 ok', 'lb2 failed']);
});

test('nobody knows what the daemon should be while nobody holds the VIP', () => {
  expect(found({ syncDaemon: daemon }, says('backup'), says('backup'), false)).toEqual(['lb1 unknown', 'lb2 unknown']);
});

test.each([
  ['1800 120 60', 'ok'],
  ['900 120 60', 'failed'],
  ['1800 120 300', 'failed'],
  ['?', 'unknown'],
])('timeouts of %s', (text, status) => {
  expect(found({ timeouts }, times(text), times('1800 1 60'))).toEqual([`lb1 ${status}`, 'lb2 ok']);
});

test('asks only where something is wished', () => {
  const context = (settings: Parameters<typeof makeIpvs>[0]) =>
    new World({ ...cluster, ipvs: makeIpvs(settings) }).evidence();
  expect(ipvsSettings.section('before', 'lb1', context({}))).toBeUndefined();
  expect(ipvsSettings.section('before', 'web1', context({ timeouts }))).toBeUndefined();
  expect(ipvsSettings.section('before', 'lb1', context({ timeouts }))?.sh).toContain('--timeout');
});

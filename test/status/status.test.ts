import { describe, expect, test } from 'vitest';
import { statusText } from '../../src/report/status.ts';
import { statusSections } from '../../src/status/sections.ts';
import { statusOf, type HostAnswer } from '../../src/status/status.ts';
import { debian } from '../../src/platform/debian.ts';
import { plain } from '../../src/ui/style.ts';
import { makeShop } from '../support/cluster.ts';

const shop = makeShop({
  mounts: [{ path: '/srv', server: 'lb1', export: '/x', hosts: ['web1'], options: [] }],
});
const heading = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n';
const table = `${heading}TCP  10.77.0.100:80 wrr\n  -> 10.77.0.1:80 Route 1 3 4\n  -> 10.77.0.2:80 Route 0 1 0\n`;
const rates = `${heading}TCP  10.77.0.100:80 7 8 9 1500 20000000\n  -> 10.77.0.1:80 7 8 9 1500 20000000\n  -> 10.77.0.2:80 0 0 0 0 0\n`;

function said(output: Readonly<Record<string, string>>): HostAnswer {
  return { answers: new Map(Object.entries(output).map(([name, text]) => [name, { output: text, status: 0 }])) };
}

const address = (...list: string[]): string => list.map((one) => `2: eth0    inet ${one} scope global eth0\n`).join('');
const up = '2: eth0: <UP> mtu 1500 qdisc fq state UP mode DEFAULT\n';
const down = '2: eth0: <> mtu 1500 qdisc fq state DOWN mode DEFAULT\n';
const running = 'ActiveState=active\n';
const master = {
  facts: address('10.77.0.11/24', '10.77.0.100/32'),
  table,
  rates,
  keepalived: running,
  links: up,
  drained: 'web2\n',
  daemon: '',
};
const backup = { ...master, facts: address('10.77.0.12/24') };
const web = { facts: '1: lo    inet 10.77.0.100/32 scope global lo\n', mounts: 'x /srv nfs4 rw 0 0\n' };

describe('a status', () => {
  const status = statusOf(
    shop,
    new Map([
      ['lb1', said(master)],
      ['lb2', said(backup)],
      ['web1', said(web)],
      ['web2', { trouble: 'does not answer' }],
    ]),
  );

  test('names the holder, which a real server is not, and the states', () => {
    expect(status.vips).toEqual([{ vip: '10.77.0.100', instance: 'VI_1', holders: ['lb1'] }]);
    expect(status.vrrp.map(({ director, state }) => `${director} ${state}`)).toEqual(['lb1 master', 'lb2 backup']);
    expect(status.unreachable).toEqual([{ host: 'web2', detail: 'does not answer' }]);
    expect(status.mounts).toEqual([{ host: 'web1', path: '/srv', mounted: true }]);
  });

  test('has each real server as the holder has it', () => {
    expect(status.services[0]?.director).toBe('lb1');
    expect(status.services[0]?.servers).toMatchObject([
      {
        host: 'web1',
        state: 'in',
        weight: 1,
        active: 3,
        inactive: 4,
        connections: 7,
        bytesIn: 1500,
        bytesOut: 20_000_000,
      },
      { host: 'web2', state: 'drained', weight: 0, active: 1 },
      { host: 'web3', state: 'out', weight: 0, active: 0 },
    ]);
  });

  test.each<[what: string, lb2: HostAnswer, state: string, holders: readonly string[]]>([
    ['a NIC that is down', said({ ...backup, links: down }), 'fault', ['lb1']],
    ['keepalived stopped', said({ ...backup, keepalived: 'ActiveState=inactive\n' }), 'stopped', ['lb1']],
    ['no answer', { trouble: 'x' }, 'unknown', ['lb1']],
    ['a split brain', said(master), 'master', ['lb1', 'lb2']],
  ])('%s', (_what, lb2, state, holders) => {
    const seen = statusOf(
      shop,
      new Map([
        ['lb1', said(master)],
        ['lb2', lb2],
      ]),
    );
    expect(seen.vrrp.find(({ director }) => director === 'lb2')?.state).toBe(state);
    expect(seen.vips[0]?.holders).toEqual(holders);
  });

  test('as text', () => {
    expect(statusText(status, plain, 100)).toEqual([
      '✖ web2: does not answer',
      '',
      'VIPs',
      '  10.77.0.100  lb1  VI_1',
      '',
      'VRRP',
      '  VI_1  lb1 master  lb2 backup',
      '',
      'www  10.77.0.100:80 TCP wrr  as lb1 has it',
      '          state  weight  active  inactive  conn/s  in/s  out/s       address',
      '  web1       in       1       3         4       7  1.5k    20M  10.77.0.1:80',
      '  web2  drained       0       1         0       0     0      0  10.77.0.2:80',
      '  web3      out       0       0         0       0     0      0  10.77.0.3:80',
      '',
      'mounts',
      '  web1  /srv  mounted',
      '',
      'drained: web2',
    ]);
  });

  test.each([10, 20, 40, 60])('fits into %i columns', (width) => {
    for (const line of statusText(status, plain, width)) expect(line.length).toBeLessThanOrEqual(width);
  });

  test('asks a director and a real server one thing each once', () => {
    const names = (host: string): string[] => statusSections(shop, host, debian).map(({ name }) => name);
    expect(names('web1')).toEqual(['facts', 'mounts']);
    expect(new Set(names('lb1')).size).toBe(names('lb1').length);
    for (const { sh } of statusSections(shop, 'lb1', debian)) {
      if (sh.includes('ipvsadm')) expect(sh).toMatch(/^\[ ! -e \/proc\/net\/ip_vs \] \|\| /);
    }
  });
});

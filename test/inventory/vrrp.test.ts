import { describe, expect, test } from 'vitest';
import { base, cluster, type Machine, problems } from './reading.ts';

/** Two directors on two networks; on lb2 the NICs have other names. */
const two = `cluster: shop
hosts:
  lb1: { address: 10.77.0.11, address6: fd77::11, interfaces: { eth1: [10.78.0.11, "fd78::11"] } }
  lb2: { address: 10.77.0.12, address6: fd77::12, interface: ens1, interfaces: { ens2: [10.78.0.12, "fd78::12"] } }
  web1: { address: 10.77.0.13, address6: fd77::13, interfaces: { eth1: 10.78.0.13 } }
directors: [lb1, lb2]
`;

describe('the NIC of an instance', () => {
  test('is the one in the network of its VIPs, on each director its own', () => {
    expect(cluster(`${two}vrrp: { A: { vips: [10.78.0.100] } }\n`).vrrp[0]).toMatchObject({
      interfaces: { lb1: 'eth1', lb2: 'ens2' },
      vips: [{ address: '10.78.0.100', prefix: 32, interfaces: { lb1: 'eth1', lb2: 'ens2' }, label: undefined }],
    });
  });

  test('is the one written, for all directors or for each; its VIPs stay where their network is', () => {
    const [one] = cluster(`${two}vrrp: { A: { interface: { lb1: eth1, lb2: ens2 }, vips: [10.77.0.100] } }\n`).vrrp;
    expect(one).toMatchObject({
      interfaces: { lb1: 'eth1', lb2: 'ens2' },
      vips: [{ interfaces: { lb1: 'eth0', lb2: 'ens1' } }],
    });
    expect(cluster(`${base}vrrp: { A: { interface: eth0, vips: [10.77.0.9] } }\n`).vrrp[0]?.interfaces).toEqual({
      lb1: 'eth0',
      lb2: 'eth0',
    });
    expect(problems(`${base}vrrp:\n  A: { vips: [10.77.0.9], interface: { lb1: eth0, web1: eth0 } }\n`)).toMatchObject([
      { rule: 'vrrp-interface', line: 8, message: 'web1 is not a director' },
    ]);
  });

  test('is one for each instance: by default VIPs of several networks and families are told apart', () => {
    const services = ['10.77.0.100', '10.78.0.100', '"fd77::100"', '"fd78::100"', '10.77.0.101']
      .map((vip, n) => `  s${n}: { vip: ${vip}, port: 80, realServers: [web1] }\n`)
      .join('');
    const { vrrp } = cluster(`${two.replace('10.78.0.13', '[10.78.0.13, "fd78::13"]')}services:\n${services}`);
    expect(
      vrrp.map(({ name, interfaces, vips }) => [name, interfaces['lb2'], ...vips.map((vip) => vip.address)]),
    ).toEqual([
      ['VI_1', 'ens1', '10.77.0.100', '10.77.0.101'],
      ['VI_1_eth1', 'ens2', '10.78.0.100'],
      ['VI_1_6', 'ens1', 'fd77::100'],
      ['VI_1_eth1_6', 'ens2', 'fd78::100'],
    ]);
  });
});

test('a VIP can have a prefix, a NIC and a label of its own', () => {
  const text = `${two}vrrp: { A: { vips: [10.77.0.100, { address: 10.78.0.100, prefix: 24, label: "eth1:gw" }] } }\n`;
  expect(cluster(text).vrrp[0]?.vips[1]).toEqual({
    address: '10.78.0.100',
    prefix: 24,
    interfaces: { lb1: 'eth1', lb2: 'ens2' },
    label: 'eth1:gw',
  });
});

test('a sync group is a list of instances, or a map with one', () => {
  const vrrp = 'vrrp: { A: { vips: [10.77.0.100] }, B: { vips: [10.78.0.100] } }\n';
  const group = { name: 'G', instances: ['A', 'B'] };
  expect(cluster(`${two}${vrrp}syncGroups: { G: [A, B] }\n`).syncGroups).toMatchObject([group]);
  expect(cluster(`${two}${vrrp}syncGroups: { G: { instances: [A, B] } }\n`).syncGroups).toMatchObject([group]);
});

test('on networks apart instances may have one VRID', () => {
  const text = `${two}vrrp: { A: { vrid: 7, vips: [10.77.0.100] }, B: { vrid: 7, vips: [10.78.0.100] } }\n`;
  expect(problems(text)).toEqual([]);
});

describe('trackers', () => {
  const machine: Machine = {
    files: { '/inv/a.sh': '#!/bin/sh\n', '/inv/b/a.sh': '#!/bin/sh\nexit 1\n', '/inv/c.txt': 'no' },
  };
  const track = (list: string) => `${base}vrrp: { A: { vips: [10.77.0.100], track: [${list}] } }\n`;

  test('have the defaults of keepalived, but a process weighs nothing', () => {
    const text = track('{ interface: eth1 }, { script: a.sh, interval: 5 }, { process: sshd }, { file: /var/lib/a/b }');
    expect(cluster(text, machine).vrrp[0]?.trackers).toEqual([
      { type: 'interface', interface: 'eth1', weight: 0 },
      {
        type: 'script',
        name: 'a',
        program: {
          path: '/etc/keepalived/lvsctl/a.sh',
          args: [],
          script: { path: '/etc/keepalived/lvsctl/a.sh', content: '#!/bin/sh\n' },
        },
        interval: 5,
        timeout: 5,
        rise: 1,
        fall: 1,
        user: undefined,
        weight: 0,
      },
      { type: 'process', name: 'sshd', process: 'sshd', quorum: 1, delay: undefined, weight: 0 },
      { type: 'file', name: 'b', path: '/var/lib/a/b', initial: 0, weight: 1 },
    ]);
  });

  test.each([
    ['{ weight: 5 }', 'tracker', 'it is not said what is watched'],
    ['{ script: a.sh, process: sshd }', 'tracker', 'this watches script and process'],
    ['{ interface: eth1, fall: 3 }', 'tracker', 'fall means nothing with interface'],
    ['{ process: sshd, interval: 3 }', 'tracker', 'interval means nothing with process'],
    ['{ process: sshd, name: x }, { process: nginx, name: x }', 'tracker', 'another tracker is called x'],
    ['{ script: none.sh }', 'script', 'cannot be read'],
    ['{ script: [c.txt, x] }', 'script', 'does not begin with #!'],
    ['{ script: a.sh }, { script: b/a.sh }', 'script', 'another script is called a.sh too'],
    ['{ script: "/bin/true; reboot" }', 'schema', 'an argument cannot contain ";"'],
    ['{ bfd: 10.77.0 }', 'address', 'is not an IPv4 or IPv6 address'],
    ['{ bfd: 10.77.0.1, name: x }', 'tracker', 'name means nothing with bfd'],
    ['{ bfd: { neighbor: { lb1: 10.77.0.1 } } }', 'tracker', 'no neighbor is given for lb2'],
    ['{ bfd: { neighbor: { lb1: 10.77.0.1, lb2: 10.77.0.1, web1: 10.77.0.1 } } }', 'tracker', 'web1 is not a director'],
    ['{ process: a-name-of-17-letters }', 'schema', 'the name of a process'],
  ])('%s is refused', (list, rule, message) => {
    expect(problems(track(list), machine)).toMatchObject([
      { rule, line: 7, message: expect.stringContaining(message) as unknown },
    ]);
  });
});

test.each([
  ['{ to: 10.9.0.0/40 }', 'the prefix length /40'],
  ['{ to: 10.9.0.0/16, via: 10.9.0 }', '"10.9.0" is not an IPv4 or IPv6 address'],
  ['{ to: default, source: 224.0.0.1 }', 'multicast'],
])('the route %s is refused', (route, message) => {
  expect(problems(`${base}vrrp: { A: { vips: [10.77.0.100], routes: [${route}] } }\n`)).toMatchObject([
    { rule: 'address', line: 7, message: expect.stringContaining(message) as unknown },
  ]);
});

test('rules of policy routing get priorities of their own', () => {
  const rules = (list: string) => `rules: [${list}]`;
  const text = `${base}vrrp:\n  A: { vips: [10.77.0.100], ${rules('{ from: 10.77.0.100, table: 5 }, { to: 10.9.0.0/16, table: 5, priority: 6000 }')} }\n  B: { vips: [10.77.0.101], ${rules('{ from: 10.77.0.101, interface: eth0, mark: 7, table: 6 }')} }\n`;
  const none = { from: undefined, to: undefined, interface: undefined, mark: undefined };
  expect(cluster(text).vrrp.map((one) => one.rules)).toEqual([
    [
      { ...none, from: '10.77.0.100', table: 5, priority: 6_001 },
      { ...none, to: '10.9.0.0/16', table: 5, priority: 6_000 },
    ],
    [{ ...none, from: '10.77.0.101', interface: 'eth0', mark: 7, table: 6, priority: 6_002 }],
  ]);
});

test.each([
  ['{ table: 5 }', 'virtual-rule', 'which packets this rule is for'],
  ['{ from: 10.9.0.0/40, table: 5 }', 'address', 'the prefix length /40'],
  ['{ from: 10.9.0.0/16 }', 'schema', '"table" is missing'],
  ['{ from: 10.9.0.0/16, table: 5, priority: 32766 }', 'schema', 'a whole number from 1 to 32765'],
])('the rule %s is refused', (rule, name, message) => {
  expect(problems(`${base}vrrp: { A: { vips: [10.77.0.100], rules: [${rule}] } }\n`)).toMatchObject([
    { rule: name, line: 7, message: expect.stringContaining(message) as unknown },
  ]);
});

test('adverts of any kind go from an address on their NIC', () => {
  const text = `${two}vrrp: { A: { vips: [10.77.0.100], interface: { lb1: eth1, lb2: ens2 }, unicast: true }, B: { vips: ["fd77::100"], unicast: true } }\n`;
  expect(cluster(text).vrrp.map(({ version, unicast }) => [version, unicast?.addresses])).toEqual([
    [2, { lb1: '10.78.0.11', lb2: '10.78.0.12' }],
    [3, { lb1: 'fd77::11', lb2: 'fd77::12' }],
  ]);
});

test('instances that one entry stands for share its settings, but not its number, nor a password that IPv6 cannot have', () => {
  const services = ['10.77.0.100', '"fd77::100"'].map(
    (vip, n) => `  s${n}: { vip: ${vip}, port: 80, realServers: [web1] }\n`,
  );
  const text = `${two}services:\n${services.join('')}vrrp: { A: { vrid: 9, vmac: true, authPass: abc, preemptDelay: 4 } }\n`;
  expect(
    cluster(text).vrrp.map((one) => [one.name, one.vrid, one.vmac, one.preemptDelay, one.authPass?.reveal()]),
  ).toEqual([
    ['A', 9, 'vrrp.9', 4, 'abc'],
    ['A_6', 51, 'vrrp6.51', 4, undefined],
  ]);
});

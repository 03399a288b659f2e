import { describe, expect, test } from 'vitest';
import { placedVips } from '../../src/forwarding/placed-vip.ts';
import { returnPaths } from '../../src/forwarding/return-path.ts';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { cluster, problems } from './reading.ts';

const hosts = `cluster: a
hosts:
  lb[1:2]: { address: 10.77.0.[11:12], address6: "fd77::[11:12]", interfaces: { eth1: [10.78.0.[11:12], "fd78::[11:12]"] } }
  web1: { address: 10.77.0.13, address6: fd77::13, interfaces: { eth1: [10.78.0.13, "fd78::13"] } }
  web[2:3]: { address: "10.78.0.[14:15]", address6: "fd78::[14:15]", interface: eth1 }
directors: [lb1, lb2]
`;
const services = (...lines: string[]): string => `${hosts}services:\n${lines.map((line) => `  ${line}\n`).join('')}`;
const nat =
  'shop: { vip: 10.77.0.101, port: 80, mode: NAT, gateway: 10.78.0.100, realServers: [{ host: "web[2:3]", port: 8080 }] }';

describe('the forwarding of a service', () => {
  test.each([
    ['', { mode: 'DR', device: 'lo' }],
    ['mode: DR, device: dummy0', { mode: 'DR', device: 'dummy0' }],
    ['mode: TUN', { mode: 'TUN', tunnel: { type: 'ipip' }, outer: 4, mtu: 1_500 }],
    ['mode: TUN, tunnel: gre, mtu: 9000', { mode: 'TUN', tunnel: { type: 'gre' }, outer: 4, mtu: 9_000 }],
    ['mode: TUN, tunnel: { gue: 6080 }', { mode: 'TUN', tunnel: { type: 'gue', port: 6_080 }, outer: 4, mtu: 1_500 }],
  ])('%s', (keys, forwarding) => {
    const read = cluster(services(`w: { vip: 10.77.0.100, port: 80, realServers: [web1]${keys && `, ${keys}`} }`));
    expect(read.services[0]?.forwarding).toEqual(forwarding);
  });

  test.each([
    ['gateway: 10.78.0.100', { gateway: '10.78.0.100', route: undefined, conntrack: false }],
    ['gateway: { vip: 10.78.0.100 }, conntrack: true', { gateway: '10.78.0.100', route: undefined, conntrack: true }],
    ['gateway: { vip: 10.78.0.100, route: source }', { gateway: '10.78.0.100', route: 'source', conntrack: false }],
  ])('NAT with %s', (keys, more) => {
    const read = cluster(services(`w: { vip: 10.77.0.100, port: 80, mode: NAT, realServers: [web2], ${keys} }`));
    expect(read.services[0]?.forwarding).toEqual({ mode: 'NAT', ...more });
  });

  test('the inner VIP is found among the VIPs of vrrp when it is the only one', () => {
    const text = services('w: { vip: 10.77.0.100, port: 80, mode: NAT, realServers: [web2] }');
    const vrrp = 'vrrp:\n  OUT: { vips: [10.77.0.100, 10.77.0.101] }\n  IN: { vips: [10.78.0.99] }\n';
    expect(cluster(`${text}${vrrp}`).services[0]?.forwarding).toMatchObject({ gateway: '10.78.0.99' });
    expect(problems(`${text}${vrrp.replace('10.78.0.99', '10.78.0.99, 10.78.0.98')}`)).toMatchObject([
      { rule: 'nat-gateway', hint: 'write gateway: 10.78.0.99' },
    ]);
    expect(problems(text)).toMatchObject([{ rule: 'nat-gateway', line: 8 }]);
  });

  test.each([
    ['mode: NAT, gateway: fd78::100', 'nat-gateway', 'is not IPv4'],
    ['mode: NAT, gateway: 10.77.0.100', 'nat-gateway', 'is the VIP of the clients'],
    ['mode: NAT, gateway: 10.78.0.1000', 'nat-gateway', 'is not an IPv4'],
    ['mode: NAT, gateway: 10.78.0.100, mtu: 1400', 'mode-key', 'mtu is for mode TUN, and this is NAT'],
    ['tunnel: gre', 'mode-key', 'tunnel is for mode TUN, and this is DR'],
    ['mode: TUN, device: dummy0', 'mode-key', 'device is for mode DR'],
    ['gateway: 10.78.0.100', 'mode-key', 'gateway is for mode NAT'],
    ['mode: TUN, conntrack: true', 'mode-key', 'conntrack is for mode NAT'],
    ['outer: 4', 'mode-key', 'outer is for mode TUN'],
    ['mode: TUN, outer: 6', 'tunnel-family', 'takes no IPv4 out of them'],
  ])('%s is refused', (keys, rule, message) => {
    const found = problems(services(`w: { vip: 10.77.0.100, port: 80, realServers: [web1], ${keys} }`));
    expect(found).toContainEqual(
      expect.objectContaining({ rule, message: expect.stringContaining(message) as unknown }),
    );
  });
});

describe('what NAT brings along', () => {
  test('real servers are reached by their address in the network of the inner VIP, on their own port', () => {
    const [shop] = cluster(services(nat)).services;
    expect(shop?.realServers.map(({ address, port }) => [address, port])).toEqual([
      ['10.78.0.14', 8_080],
      ['10.78.0.15', 8_080],
    ]);
  });

  test('an instance on the inner NIC, in one sync group with the outer one', () => {
    const { vrrp, syncGroups } = cluster(services(nat));
    expect(vrrp.map(({ name, interfaces }) => [name, interfaces['lb1']])).toEqual([
      ['VI_1', 'eth0'],
      ['VI_1_eth1', 'eth1'],
    ]);
    expect(syncGroups).toMatchObject([{ name: 'VG_1', instances: ['VI_1', 'VI_1_eth1'] }]);
  });

  test('a sync group that is written takes the missing instance in, and groups that meet become one', () => {
    const vrrp =
      'vrrp:\n  OUT: { vips: [10.77.0.101] }\n  IN: { vips: [10.78.0.100] }\n  A: { vips: [10.77.0.102] }\n  B: { vips: [10.78.0.102] }\n';
    const groups = (written: string) => cluster(`${services(nat)}${vrrp}syncGroups: ${written}\n`).syncGroups;
    expect(groups('{ G: [OUT, A] }')).toMatchObject([{ name: 'G', instances: ['OUT', 'A', 'IN'] }]);
    expect(groups('{ G: [OUT, A], H: [IN, B] }')).toMatchObject([{ name: 'G', instances: ['OUT', 'A', 'IN', 'B'] }]);
    expect(groups('{ VG_1: [A, B] }')).toMatchObject([
      { name: 'VG_1', instances: ['A', 'B'] },
      { name: 'VG_2', instances: ['OUT', 'IN'] },
    ]);
  });

  test('each family has instances and a group of its own', () => {
    const six = "shop6: { vip: 'fd77::101', port: 80, mode: NAT, gateway: 'fd78::100', realServers: [web2] }";
    expect(cluster(services(nat, six)).syncGroups).toMatchObject([
      { instances: ['VI_1', 'VI_1_eth1'] },
      { instances: ['VI_1_6', 'VI_1_eth1_6'] },
    ]);
  });
});

describe('the way back from a real server', () => {
  const paths = (read: Cluster, name: string) => {
    const host = read.hosts.find((one) => one.name === name);
    return host === undefined
      ? []
      : returnPaths(read, host).map(({ from, gateway, table }) => [from.address, gateway, table]);
  };

  test('is the default gateway where the host serves nothing else', () => {
    expect(paths(cluster(services(nat)), 'web3')).toEqual([['10.78.0.15', '10.78.0.100', undefined]]);
  });

  test('is a table of its own where the host serves another mode, or says so', () => {
    const dr = 'www: { vip: 10.77.0.100, port: 80, realServers: [web1] }';
    const both = nat.replace('realServers: [', 'realServers: [{ host: web1, port: 8080 }, ');
    expect(paths(cluster(services(both, dr)), 'web1')).toEqual([['10.78.0.13', '10.78.0.100', 5_202]]);
    expect(paths(cluster(services(both, dr)), 'web2')).toEqual([['10.78.0.14', '10.78.0.100', undefined]]);
    const source = nat.replace('10.78.0.100', '{ vip: 10.78.0.100, route: source }');
    expect(paths(cluster(services(source)), 'web2')).toEqual([['10.78.0.14', '10.78.0.100', 5_200]]);
  });

  test('is there for a sorry server as well', () => {
    const sorry = nat.replace(/realServers: .*}]/, 'realServers: [web2], sorryServer: web3');
    expect(paths(cluster(services(sorry)), 'web3')).toEqual([['10.78.0.15', '10.78.0.100', undefined]]);
  });

  test('is nobody’s business with other modes', () => {
    expect(
      paths(cluster(services('t: { vip: 10.77.0.100, port: 80, mode: TUN, realServers: [web1] }')), 'web1'),
    ).toEqual([]);
  });
});

test('a VIP is on the device of each mode that it is served by, and nowhere with NAT', () => {
  const read = cluster(
    services(
      'a: { vip: 10.77.0.100, port: 80, realServers: [web1] }',
      'b: { vip: 10.77.0.100, port: 81, realServers: [web1] }',
      'c: { vip: 10.77.0.100, port: 82, mode: TUN, tunnel: gre, realServers: [web1] }',
      "d: { vip: 'fd77::100', port: 82, mode: TUN, tunnel: { gue: 1 }, realServers: [web1] }",
      nat,
    ),
  );
  expect(placedVips(read, 'web1').map(({ address, device }) => `${address} ${device}`)).toEqual([
    '10.77.0.100 lo',
    '10.77.0.100 gre0',
    'fd77::100 ip6tnl0',
  ]);
  expect(placedVips(read, 'web2')).toEqual([]);
});

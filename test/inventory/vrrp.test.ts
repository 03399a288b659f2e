import { describe, expect, test } from 'vitest';
import { base, cluster, problems } from './reading.ts';

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

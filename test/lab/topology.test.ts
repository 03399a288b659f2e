import { describe, expect, it } from 'vitest';
import { labSpec, type LabSpec } from '../../src/lab/index.ts';
import { networkBatch } from '../../src/lab/namespace.ts';
import { freeAddress, topology } from '../../src/lab/topology.ts';
import { cluster, flat, host } from './samples.ts';

describe('labSpec', () => {
  it('groups addresses by NIC, the service NIC first, and reserves each VIP once', () => {
    const lb1 = host('lb1', [
      ['eth1', '10.78.0.11', 24],
      ['eth0', '10.77.0.11', 24],
      ['eth0', 'fd77::11', 64],
      ['lo', '10.77.0.100', 32],
    ]);
    expect(labSpec(cluster([lb1], ['10.77.0.100']))).toEqual({
      hosts: [
        {
          name: 'lb1',
          system: 'trixie',
          nics: [
            {
              name: 'eth0',
              addresses: [
                { address: '10.77.0.11', prefix: 24 },
                { address: 'fd77::11', prefix: 64 },
              ],
            },
            { name: 'eth1', addresses: [{ address: '10.78.0.11', prefix: 24 }] },
          ],
        },
      ],
      reserved: ['10.77.0.100'],
    });
  });
});

describe('freeAddress', () => {
  it.each([
    ['10.77.0.0/24', [], '10.77.0.254'],
    ['10.77.0.0/24', ['10.77.0.254', '10.77.0.253'], '10.77.0.252'],
    ['10.77.0.0/30', ['10.77.0.2'], '10.77.0.1'],
    ['10.77.0.0/30', ['10.77.0.1', '10.77.0.2'], undefined],
    ['10.77.0.4/31', ['10.77.0.5'], '10.77.0.4'],
    ['10.77.0.4/32', ['10.77.0.4'], undefined],
    ['fd77::/64', [], 'fd77::ffff:ffff:ffff:ffff'],
    ['fd77::/126', ['fd77::3'], 'fd77::2'],
  ])('%s without %j gives %s', (network, taken, address) => {
    expect(freeAddress(network, new Set(taken))).toBe(address);
  });
});

describe('topology', () => {
  it('puts NICs of one subnet on one bridge, and the operator where nobody is', () => {
    const made = topology(flat(['lb1', 'lb2'], ['10.77.0.254']));
    expect(made.bridges).toEqual([{ name: 'br0', operator: ['10.77.0.253/24'] }]);
    expect(made.taps.map((tap) => [tap.name, tap.host, tap.bridge])).toEqual([
      ['tap0-0', 'lb1', 'br0'],
      ['tap1-0', 'lb2', 'br0'],
    ]);
    expect(new Set(made.taps.map((tap) => tap.mac)).size).toBe(2);
  });

  it('joins subnets that share a NIC, and keeps others apart', () => {
    const address = (text: string) => ({ address: text, prefix: text.includes(':') ? 64 : 24 });
    const made = topology({
      hosts: [
        { name: 'a', system: 'trixie', nics: [{ name: 'eth0', addresses: [address('10.0.0.1')] }] },
        { name: 'b', system: 'trixie', nics: [{ name: 'eth0', addresses: [address('fd00::1')] }] },
        { name: 'c', system: 'trixie', nics: [{ name: 'eth0', addresses: [address('fd00::2'), address('10.0.0.2')] }] },
        { name: 'd', system: 'trixie', nics: [{ name: 'eth0', addresses: [address('10.9.0.1')] }] },
      ],
      reserved: [],
    });
    expect(made.taps.map((tap) => tap.bridge)).toEqual(['br0', 'br0', 'br0', 'br1']);
    expect(made.bridges.map((bridge) => bridge.operator.length)).toEqual([2, 1]);
  });

  it('says so when a network has no room for the operator', () => {
    const spec: LabSpec = {
      hosts: [
        { name: 'a', system: 'trixie', nics: [{ name: 'eth0', addresses: [{ address: '10.0.0.1', prefix: 30 }] }] },
      ],
      reserved: ['10.0.0.2'],
    };
    expect(() => topology(spec)).toThrow('no address is free for the operator in 10.0.0.0/30');
  });

  it('makes the network by one ip -batch', () => {
    expect(networkBatch(topology(flat(['lb1'])))).toBe(
      [
        'link set lo up',
        'link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0',
        'link set br0 up',
        'address add 10.77.0.254/24 broadcast + dev br0',
        'tuntap add tap0-0 mode tap',
        'link set tap0-0 master br0 up',
        '',
      ].join('\n'),
    );
  });
});

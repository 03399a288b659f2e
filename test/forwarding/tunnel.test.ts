import { expect, test } from 'vitest';
import { innerMtu, overheadOf, receiverOf, segmentSize } from '../../src/forwarding/tunnel.ts';
import type { Tunnel } from '../../src/inventory/cluster.ts';

const ipip: Tunnel = { type: 'ipip' };
const gre: Tunnel = { type: 'gre' };
const gue: Tunnel = { type: 'gue', port: 6_080 };

test.each([
  [ipip, 4, 20, 1_440],
  [gre, 4, 24, 1_436],
  [gue, 4, 32, 1_428],
  [ipip, 6, 40, 1_400],
  [gre, 6, 44, 1_396],
  [gue, 6, 52, 1_388],
] as const)('%o over IPv%i adds %i bytes, which leaves segments of %i', (tunnel, family, overhead, segment) => {
  expect(overheadOf(tunnel, family)).toBe(overhead);
  expect(segmentSize({ mode: 'TUN', tunnel, mtu: 1_500 }, family)).toBe(segment);
  expect(innerMtu({ mode: 'TUN', tunnel, mtu: 9_000 }, family)).toBe(9_000 - overhead);
});

test.each([
  [ipip, 4, ['ipip'], 'tunl0', undefined],
  [gre, 4, ['ip_gre'], 'gre0', undefined],
  [gue, 4, ['ipip', 'fou'], 'tunl0', 6_080],
  [ipip, 6, ['ip6_tunnel'], 'ip6tnl0', undefined],
  [gre, 6, ['ip6_gre'], 'ip6gre0', undefined],
  [gue, 6, ['ip6_tunnel', 'fou6'], 'ip6tnl0', 6_080],
] as const)('%o over IPv%i is received with %o on %s', (tunnel, family, modules, device, port) => {
  expect(receiverOf(tunnel, family)).toEqual({ modules, device, port });
});

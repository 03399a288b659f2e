import { expect, test } from 'vitest';
import { innerMtu, overheadOf, receiverOf, segmentSize } from '../../src/forwarding/tunnel.ts';
import type { Tunnel, Tunnelling } from '../../src/inventory/cluster.ts';

const ipip: Tunnel = { type: 'ipip' };
const gre: Tunnel = { type: 'gre' };
const gue: Tunnel = { type: 'gue', port: 6_080 };

const over = (outer: 4 | 6, tunnel: Tunnel, mtu = 1_500): Tunnelling => ({ mode: 'TUN', tunnel, outer, mtu });

test.each([
  [ipip, 4, 20, 1_440],
  [gre, 4, 24, 1_436],
  [gue, 4, 32, 1_428],
  [ipip, 6, 40, 1_400],
  [gre, 6, 44, 1_396],
  [gue, 6, 52, 1_388],
] as const)('%o over IPv%i adds %i bytes, which leaves segments of %i', (tunnel, family, overhead, segment) => {
  expect(overheadOf(over(family, tunnel))).toBe(overhead);
  expect(segmentSize(over(family, tunnel), family)).toBe(segment);
  expect(innerMtu(over(family, tunnel, 9_000))).toBe(9_000 - overhead);
});

test.each([
  [ipip, 4, ['ipip'], 'tunl0', undefined],
  [gre, 4, ['ip_gre'], 'gre0', undefined],
  [gue, 4, ['ipip', 'fou'], 'tunl0', 6_080],
  [ipip, 6, ['ip6_tunnel'], 'ip6tnl0', undefined],
  [gre, 6, ['ip6_gre'], 'ip6gre0', undefined],
  [gue, 6, ['ip6_tunnel', 'fou6'], 'ip6tnl0', 6_080],
] as const)('%o over IPv%i is received with %o on %s', (tunnel, family, modules, device, port) => {
  expect(receiverOf(over(family, tunnel), family)).toEqual({ modules, device, port });
});

test.each([
  [ipip, 20, 1_420, ['sit'], 'sit0', undefined],
  [gre, 24, 1_416, ['ip_gre'], 'gre0', undefined],
  [gue, 32, 1_408, ['sit', 'fou'], 'sit0', 6_080],
] as const)('%o around IPv6 over IPv4 adds %i bytes: segments of %i, received with %o on %s', (...row) => {
  const [tunnel, overhead, segment, modules, device, port] = row;
  expect(overheadOf(over(4, tunnel))).toBe(overhead);
  expect(segmentSize(over(4, tunnel), 6)).toBe(segment);
  expect(receiverOf(over(4, tunnel), 6)).toEqual({ modules, device, port });
});

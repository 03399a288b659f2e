import * as z from 'zod';
import { optional, required } from './key.ts';
import { port } from './number.ts';
import { ip, linkName } from './text.ts';

const tunnel = z.union([
  z.enum(['ipip', 'gre']),
  z.strictObject({ gue: required(port, 'UDP port that the real servers receive on.') }),
]);

const gateway = z.union([
  ip,
  z.strictObject({
    vip: required(ip, 'The inner VIP.'),
    route: optional(
      z.enum(['default', 'source']),
      '`default`: it is the default gateway of the real servers. `source`: they use it for what they send from the address of this service (a rule of policy routing, ip-rule(8)), and keep the default gateway they have.',
      { otherwise: '`default`; `source` on a host that serves other modes or has another inner VIP as well' },
    ),
  }),
]);

/** The keys of a service that say how packets get to its real servers and back. */
export const forwarding = {
  mode: optional(
    z.enum(['DR', 'NAT', 'TUN']),
    'Forwarding mode: direct routing on one link, address translation, or a tunnel.',
    { value: 'DR' },
  ),
  device: optional(
    linkName,
    'DR: where the real servers have the VIP, `lo` or the name of a dummy device that is made for it.',
    { value: 'lo' },
  ),
  gateway: optional(
    gateway,
    'NAT: the inner VIP, in the network of the real servers, by which their answers come back through the director.',
    { otherwise: 'the one VIP of `vrrp` that no service has and that is in another network than this one' },
  ),
  conntrack: optional(
    z.boolean(),
    'NAT: whether connection tracking knows of the connections (net.ipv4.vs.conntrack), as stateful or SNAT rules on the directors need it. It holds for all services.',
    { value: false },
  ),
  tunnel: optional(tunnel, 'TUN: the encapsulation; `{ gue: 6080 }` needs a port.', { value: 'ipip' }),
  outer: optional(
    z.union([z.literal(4), z.literal(6)]),
    'TUN: the IP version of the tunnel. `4` brings an IPv6 VIP to real servers by their IPv4 addresses.',
    { otherwise: 'that of the VIP' },
  ),
  mtu: optional(
    z.int().min(576).max(65_535),
    'TUN: the largest packet that gets from the directors to the real servers in one piece. Clients are told to send segments that fit with what the tunnel adds.',
    { value: 1500, unit: 'bytes' },
  ),
};

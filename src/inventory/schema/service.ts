import * as z from 'zod';
import { check } from './check.ts';
import { optional, required } from './key.ts';
import { port } from './number.ts';
import { ip, pattern } from './text.ts';

/** IPVS schedulers, each the kernel module `ip_vs_<name>`. */
const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'fo',
  'ovf',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
  'sed',
  'nq',
  'twos',
] as const;

/** Forwarding modes; what is known but not served gets a message of its own. */
const mode = z.enum(['DR'], {
  error: ({ input }) =>
    input === 'NAT' || input === 'TUN'
      ? `mode ${input} is not served: this version does direct routing (DR) only`
      : undefined,
});

/** A real server that needs more than its name. */
export const realServer = z.strictObject({
  host: required(pattern, 'Pattern of hosts.'),
  port: optional(port, 'Port on the real server; equal to that of the service with DR.', {
    otherwise: 'that of the service',
  }),
  weight: optional(z.int().min(0).max(65_535), 'Share of the connections; 0 takes no new ones.', { value: 1 }),
});

/** A virtual service. */
export const service = z.strictObject({
  vip: required(ip, 'The virtual address.'),
  port: required(port, 'The port.'),
  protocol: optional(z.enum(['TCP', 'UDP']), 'Transport.', { value: 'TCP' }),
  mode: optional(mode, 'Forwarding mode: direct routing.', { value: 'DR' }),
  scheduler: optional(z.enum(schedulers), 'IPVS scheduler, ipvsadm(8).', { value: 'wlc' }),
  persistence: optional(z.int().min(1).max(2_678_400), 'How long a client stays with its real server.', {
    unit: 'seconds',
    otherwise: 'no persistence',
  }),
  check: optional(check, 'The health check.', { otherwise: 'TCP' }),
  realServers: required(
    z.array(z.union([pattern, realServer])).min(1),
    'Patterns of hosts, or maps with a port or a weight.',
  ),
});

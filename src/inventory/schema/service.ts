import * as z from 'zod';
import { checks } from './check.ts';
import { forwarding } from './forwarding.ts';
import { optional, required } from './key.ts';
import { port } from './number.ts';
import { persistence } from './persistence.ts';
import { serverNotify, serviceNotify } from './service-notify.ts';
import { sorryServer } from './sorry-server.ts';
import { ip, pattern, portRange } from './text.ts';

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

/** Flags of schedulers, ipvsadm(8) `-b`. */
const schedulerFlags = ['sh-fallback', 'sh-port', 'mh-fallback', 'mh-port'] as const;

const connections = z.int().min(1).max(65_535);

/** A real server that needs more than its name. */
export const realServer = z.strictObject({
  host: required(pattern, 'Pattern of hosts.'),
  port: optional(port, 'Port on the real server; another one than that of the service with NAT only.', {
    otherwise: 'that of the service',
  }),
  weight: optional(z.int().min(0).max(65_535), 'Share of the connections; 0 takes no new ones.', { value: 1 }),
  upperThreshold: optional(connections, 'Connections from which on it gets no new ones.', { otherwise: 'no limit' }),
  lowerThreshold: optional(connections, 'Connections below which it gets new ones again.', {
    otherwise: 'three quarters of `upperThreshold`',
  }),
  check: optional(checks, 'A health check of its own, or a list.', { otherwise: 'that of the service' }),
  notify: optional(serverNotify, 'Programs of its own to run when its checks hold again or fail.', {
    otherwise: '`up` and `down` of the service',
  }),
});

/** A virtual service. */
export const service = z.strictObject({
  vip: required(ip, 'The virtual address.'),
  port: optional(port, 'The port.', { otherwise: '`ports` is needed then' }),
  ports: optional(
    z.array(z.union([port, portRange])).min(1),
    'Several ports and ranges as one service, `[80, 443]` or `[30000-30100]`: nftables marks their packets.',
    { otherwise: 'the one `port`' },
  ),
  mark: optional(z.int().min(1).max(0x7fff_ffff), 'Firewall mark of the service, one of its own.', {
    otherwise: 'none with `port`; with `ports` `1`, then the next free numbers',
  }),
  protocol: optional(z.enum(['TCP', 'UDP', 'SCTP']), 'Transport.', { value: 'TCP' }),
  ...forwarding,
  scheduler: optional(z.enum(schedulers), 'IPVS scheduler, ipvsadm(8).', { value: 'wlc' }),
  schedulerFlags: optional(
    z.array(z.enum(schedulerFlags)).min(1),
    'Of `sh` and `mh`: another server when the chosen one is out; the port counts as well as the address.',
    { otherwise: 'none' },
  ),
  persistence: optional(persistence, 'How long a client stays with its real server.', {
    unit: 'seconds',
    otherwise: 'no persistence',
  }),
  onePacket: optional(z.boolean(), 'Whether each datagram is scheduled by itself (`ops`), UDP only.', { value: false }),
  quorum: optional(
    z.int().min(1).max(1_000_000),
    'Weight that the sound real servers must have together; below it the sorry server takes over.',
    { value: 1 },
  ),
  hysteresis: optional(
    z.int().min(0).max(1_000_000),
    'Weight by which the quorum must be exceeded or missed before it counts as gained or lost.',
    { value: 0 },
  ),
  sorryServer: optional(sorryServer, 'Answers alone while the quorum is lost: a host, or a map.', {
    otherwise: 'none',
  }),
  inhibitOnFailure: optional(
    z.boolean(),
    'Whether a real server that fails its check stays in the table with weight 0 instead of leaving it.',
    { value: false },
  ),
  alpha: optional(z.boolean(), 'Whether real servers count as down until their first check succeeded.', {
    value: true,
  }),
  omega: optional(z.boolean(), 'Whether scripts for what goes down are run when keepalived stops.', { value: false }),
  check: optional(
    checks,
    'The health check, or a list of several: each has to hold, and each is done at its own interval.',
    {
      otherwise: 'TCP',
    },
  ),
  notify: optional(
    serviceNotify,
    'Programs to run when it or a real server comes or goes. A path from / is one of the directors, any other a script of this machine, relative to the inventory; a list adds arguments.',
    { otherwise: 'nothing' },
  ),
  realServers: required(
    z.array(z.union([pattern, realServer])).min(1),
    'Patterns of hosts, or maps with a port or a weight.',
  ),
});

import * as z from 'zod';
import { optional, required } from './key.ts';
import { envName, hostName, ip, localPath, pattern, urlPath } from './text.ts';

const port = z.int().min(1).max(65_535);
const seconds = z.int().min(1).max(86_400);

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

/** A secret: the text itself, or where it is. */
const secret = z
  .union([
    z.string(),
    z.strictObject({ env: required(envName, 'Environment variable that holds it.') }),
    z.strictObject({
      file: required(localPath, 'File that holds it, relative to the inventory; a final line break is dropped.'),
    }),
  ])
  .meta({ title: 'a secret' });

/** Forwarding modes; what is known but not served gets a message of its own. */
const mode = z.enum(['DR'], {
  error: ({ input }) =>
    input === 'NAT' || input === 'TUN'
      ? `mode ${input} is not served: this version does direct routing (DR) only`
      : undefined,
});

/** How keepalived finds out whether a real server works. */
export const check = z.strictObject({
  http: optional(urlPath, 'Asks for this URL path (HTTP_GET).', { otherwise: 'a TCP check' }),
  tcp: optional(z.literal(true), 'Connects only (TCP_CHECK).', { otherwise: '`true` without `http`' }),
  status: optional(z.int().min(100).max(599), 'HTTP status of a sound answer.', { value: 200 }),
  interval: optional(seconds, 'Time between checks (delay_loop).', { value: 2, unit: 'seconds' }),
  timeout: optional(seconds, 'Time allowed for connecting (connect_timeout).', { value: 2, unit: 'seconds' }),
  retries: optional(z.int().min(0).max(100), 'Retries before a real server is taken out.', { value: 1 }),
  retryDelay: optional(seconds, 'Time between retries (delay_before_retry).', { value: 1, unit: 'seconds' }),
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

/** A VRRP instance over all directors. */
export const instance = z.strictObject({
  vrid: optional(z.int().min(1).max(255), 'virtual_router_id, one of its own on its network.', {
    otherwise: '`51`, then the next free numbers',
  }),
  vips: optional(z.array(ip).min(1), 'The VIPs it carries, of one family.', {
    otherwise: 'the VIPs of all services that no other instance names',
  }),
  interval: optional(z.int().min(1).max(255), 'Time between adverts (advert_int).', { value: 1, unit: 'seconds' }),
  priorities: optional(z.record(hostName, z.int().min(1).max(254)), 'A priority for each director, all different.', {
    otherwise: '`150`, `100`, `90`, `80`, … in the order of `directors`',
  }),
  preempt: optional(z.boolean(), 'Whether a director of higher priority takes over again when it returns.', {
    value: true,
  }),
  authPass: optional(secret, 'Password of the adverts, 1 to 8 characters. A secret.', {
    otherwise: 'no authentication',
  }),
});

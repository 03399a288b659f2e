import * as z from 'zod';
import { optional, required } from './key.ts';
import { port, seconds } from './number.ts';
import { secret } from './secret.ts';
import { upstream } from './site.ts';
import { healthPath, hosts, identifier, ip, path, pattern, statusRange, urlPath, user } from './text.ts';
import { tls } from './tls.ts';
import { serverName } from './web-text.ts';

/** How HAProxy finds out whether a server behind it is sound. */
export const haproxyCheck = z.strictObject({
  http: optional(urlPath, 'URL path to ask for; without it a connection is all that is asked for.', {
    otherwise: 'a TCP connection',
  }),
  status: optional(z.union([z.int().min(100).max(599), statusRange]), 'Status it must answer with.', {
    otherwise: '`200-399`',
  }),
  host: optional(serverName, 'Name to ask for (Host).', { otherwise: 'none' }),
  interval: optional(seconds, 'Time between checks (inter).', { value: 2, unit: 'seconds' }),
  fall: optional(z.int().min(1).max(100), 'Failures after which a server is out.', { value: 2 }),
  rise: optional(z.int().min(1).max(100), 'Successes after which it is back.', { value: 1 }),
});

/** A listener: an address and port, and the servers behind it. */
export const listener = z.strictObject({
  vip: required(ip, 'The virtual address, which keepalived moves.'),
  port: required(port, 'The port.'),
  mode: optional(z.enum(['http', 'tcp']), 'Whether HAProxy understands HTTP, or passes bytes.', { value: 'http' }),
  balance: optional(
    z.enum(['roundrobin', 'static-rr', 'leastconn', 'first', 'source', 'uri', 'random']),
    'How connections, or requests, are dealt out.',
    { value: 'roundrobin' },
  ),
  servers: required(
    z.array(z.union([pattern, upstream])).min(1),
    'The servers behind: patterns of hosts, or maps with a port or a weight.',
  ),
  serverPort: optional(port, 'Port they listen on.', { otherwise: '`port`' }),
  check: optional(z.union([haproxyCheck, z.literal(false)]), 'The health check; `false` for none.', {
    otherwise: 'a TCP connection every 2 seconds',
  }),
  sticky: optional(
    z.enum(['cookie', 'source']),
    'Keeps a client with its server: by a cookie (http), or by its address.',
    { otherwise: 'no' },
  ),
  forwardFor: optional(z.boolean(), "Whether the client's address is told to the servers as X-Forwarded-For (http).", {
    value: true,
  }),
  maxConnections: optional(z.int().min(1).max(1_000_000), 'Connections at one time.', {
    otherwise: 'that of `haproxy`',
  }),
  tls: optional(tls, 'Ends TLS here with this certificate.', { otherwise: 'as it comes' }),
  options: optional(
    z.array(z.string().regex(/^[^\p{Cc}]+$/u, { error: 'a line of haproxy.cfg' })).min(1),
    'Further lines of the section, as they are.',
    { otherwise: 'none' },
  ),
});

/** The page and the interface with which HAProxy shows what it does. */
export const stats = z.strictObject({
  port: optional(port, 'Port on every address of the host.', { value: 8404 }),
  path: optional(healthPath, 'URL path.', { value: '/stats' }),
  user: optional(user, 'User that may look; with `password`.', { otherwise: 'everybody' }),
  password: optional(secret, 'Its password. A secret.', { otherwise: 'none' }),
});

/** HAProxy on hosts that keepalived moves VIPs between. */
export const haproxy = z.strictObject({
  hosts: optional(hosts, 'Patterns of the hosts that run it.', { otherwise: '`directors`' }),
  listeners: required(
    z.record(identifier, listener).refine((all) => Object.keys(all).length > 0, { error: 'there are no listeners' }),
    'Listeners by name.',
  ),
  stats: optional(z.union([stats, z.literal(false)]), 'The page of statistics; `false` for none.', {
    otherwise: 'port 8404, path /stats, for everybody',
  }),
  maxConnections: optional(z.int().min(1).max(1_000_000), 'Connections at one time.', { value: 10_000 }),
  connectTimeout: optional(seconds, 'Time allowed for connecting to a server.', { value: 5, unit: 'seconds' }),
  clientTimeout: optional(seconds, 'Time that a client may be silent.', { value: 60, unit: 'seconds' }),
  serverTimeout: optional(seconds, 'Time that a server may be silent.', { value: 60, unit: 'seconds' }),
  errorFile503: optional(path, 'File on the hosts that is sent while no server is sound, a whole HTTP answer.', {
    otherwise: "HAProxy's own page",
  }),
});

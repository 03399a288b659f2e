import * as z from 'zod';
import { optional, required } from './key.ts';
import { port, seconds } from './number.ts';
import { healthPath, hosts, path, pattern } from './text.ts';
import { tls } from './tls.ts';
import { bodyText, serverName, templateName } from './web-text.ts';

/** A server behind nginx that needs more than its name. */
export const upstream = z.strictObject({
  host: required(pattern, 'Pattern of hosts.'),
  port: optional(port, 'Port it listens on.', { otherwise: '`port` of the proxy' }),
  weight: optional(z.int().min(1).max(65_535), 'Share of the requests.', { value: 1 }),
  backup: optional(z.boolean(), 'Whether it is asked only when no other answers.', { value: false }),
});

/** nginx as a reverse proxy. */
export const proxy = z.strictObject({
  upstreams: required(
    z.array(z.union([pattern, upstream])).min(1),
    'The servers behind: patterns of hosts, or maps with a port or a weight.',
  ),
  port: optional(port, 'Port they listen on.', { value: 80 }),
  balance: optional(
    z.enum(['round-robin', 'least-conn', 'ip-hash']),
    'How requests are dealt out; `ip-hash` keeps a client with its server.',
    { value: 'round-robin' },
  ),
  maxFails: optional(z.int().min(0).max(1_000), 'Failures after which one is left out (max_fails); 0 for never.', {
    value: 2,
  }),
  failTimeout: optional(seconds, 'Time in which they are counted, and for which it is left out (fail_timeout).', {
    value: 5,
    unit: 'seconds',
  }),
  connectTimeout: optional(seconds, 'Time allowed for connecting to one.', { value: 2, unit: 'seconds' }),
  readTimeout: optional(seconds, 'Time allowed between two reads of its answer.', { value: 60, unit: 'seconds' }),
});

/** A web site that nginx serves. */
export const site = z.strictObject({
  hosts: required(hosts, 'Patterns of the hosts that serve it.'),
  root: optional(path, 'Folder served at `/`.', { otherwise: '`body` or `proxy` is there instead' }),
  body: optional(bodyText, 'A line of text answered at `/` instead of a folder; `%h` is the name of the host.', {
    otherwise: 'none',
  }),
  proxy: optional(proxy, 'Passes requests on to other servers instead.', { otherwise: 'none' }),
  port: optional(port, 'Port nginx listens on.', {
    otherwise: 'that of the service whose real servers these hosts are, else `80`, with `tls` `443`',
  }),
  serverNames: optional(
    z.array(serverName).min(1),
    'Names the site answers to (server_name); several sites can share a port then.',
    { otherwise: 'any' },
  ),
  tls: optional(tls, 'Speaks TLS with this certificate.', { otherwise: 'plain HTTP' }),
  health: optional(
    z.union([healthPath, z.literal(false)]),
    'URL path that nginx itself answers with 200; `false` for none.',
    {
      otherwise: "the path of that service's http check",
    },
  ),
  accessLog: optional(
    z.union([path, z.literal(false)]),
    "File for a line a request: the client's address, the one it asked, time, request, status, upstream; `false` for none.",
    { otherwise: "nginx's own access.log" },
  ),
  trustedProxies: optional(
    hosts,
    'Patterns of hosts whose X-Forwarded-For is believed, so that the client is logged and not the proxy.',
    { otherwise: 'none' },
  ),
  include: optional(templateName, "Template of `templates` whose text goes into the site's `server` block.", {
    otherwise: 'none',
  }),
});

import * as z from 'zod';
import { bfdSettings } from './bfd.ts';
import { optional, required } from './key.ts';
import { port, seconds } from './number.ts';
import {
  argument,
  digest,
  dnsName,
  hexBytes,
  hexPattern,
  ip,
  localPath,
  regex,
  serverPath,
  statusRange,
  urlPath,
  user,
} from './text.ts';

const status = z.union([z.int().min(100).max(599), statusRange]);

/** A datagram with known bytes. */
const udp = z.strictObject({
  payload: optional(hexBytes, 'Bytes to send, as hex digits.', { otherwise: 'random ones' }),
  reply: optional(
    z.union([z.literal(true), hexPattern]),
    'Bytes the answer begins with, `XX` for any; `true`: any answer.',
    {
      otherwise: 'no answer is needed; a port that is closed shows by ICMP',
    },
  ),
});

/** A watched file. */
const file = z.strictObject({
  path: required(serverPath, 'Path on the directors; `%h` is the name of the real server.'),
  weight: optional(
    z.int().min(-253).max(253),
    'The number in the file times this is added to the weight of the real server.',
    { otherwise: 'any number but 0 takes the real server out' },
  ),
});

/** A script for keepalived to run. */
const misc = z.strictObject({
  script: required(
    localPath,
    'Script on this machine, relative to the inventory. It gets the address and the port of the real server, then `args`.',
  ),
  args: optional(z.array(argument).min(1), 'Further arguments.', { otherwise: 'none' }),
  timeout: optional(seconds, 'Time it may take (misc_timeout).', { value: 5, unit: 'seconds' }),
  dynamic: optional(z.boolean(), 'Whether its exit code n from 2 on sets the weight n-2 (misc_dynamic).', {
    value: false,
  }),
  user: optional(user, 'User it runs as.', { otherwise: "keepalived's script_user" }),
});

/** How keepalived finds out whether a real server works: one of its first ten keys, and what belongs to it. */
export const check = z.strictObject({
  tcp: optional(z.literal(true), 'Connects only (TCP_CHECK).', { otherwise: '`true` if no other kind is written' }),
  http: optional(urlPath, 'Asks for this URL path (HTTP_GET).', { otherwise: 'a TCP check' }),
  https: optional(urlPath, 'Asks for this URL path over TLS (SSL_GET); the certificate is not verified.', {
    otherwise: 'a TCP check',
  }),
  smtp: optional(z.union([z.literal(true), dnsName]), 'Greets a mail server, by this name (SMTP_CHECK).', {
    otherwise: 'a TCP check',
  }),
  dns: optional(dnsName, 'Asks for this name over UDP (DNS_CHECK).', { otherwise: 'a TCP check' }),
  udp: optional(z.union([z.literal(true), udp]), 'Sends a datagram (UDP_CHECK, keepalived 2.1.0).', {
    otherwise: 'a TCP check',
  }),
  ping: optional(z.literal(true), 'Sends an ICMP echo request (PING_CHECK, keepalived 2.1.0).', {
    otherwise: 'a TCP check',
  }),
  file: optional(
    z.union([serverPath, file]),
    'Watches a number in a file on the directors (FILE_CHECK, keepalived 2.1.0).',
    {
      otherwise: 'a TCP check',
    },
  ),
  misc: optional(z.union([localPath, misc]), 'Runs a script of this machine on the directors (MISC_CHECK).', {
    otherwise: 'a TCP check',
  }),
  bfd: optional(
    z.union([z.literal(true), bfdSettings]),
    'Holds while a BFD session with the real server is up (BFD_CHECK, keepalived 2.0.0); it needs to run something that speaks BFD.',
    { otherwise: 'a TCP check' },
  ),
  status: optional(
    z.union([status, z.array(status).min(1)]),
    'HTTP status of a sound answer, a range `200-299`, or a list of both.',
    { value: 200 },
  ),
  digest: optional(digest, 'MD5 of the page, as `genhash` prints it.', { otherwise: 'any page' }),
  regex: optional(regex, 'What the page must match (PCRE2, keepalived 2.0.7).', { otherwise: 'any page' }),
  regexNot: optional(regex, 'What the page must not match (PCRE2, keepalived 2.0.7).', { otherwise: 'any page' }),
  virtualHost: optional(dnsName, 'Name in the header Host.', { otherwise: 'the address' }),
  sni: optional(z.boolean(), 'Whether the TLS handshake names the virtual host, with `https`.', {
    otherwise: '`true` with `https` and a virtual host',
  }),
  type: optional(z.enum(['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA']), 'Record type to ask for, with `dns`.', {
    value: 'SOA',
  }),
  port: optional(port, 'Port to check (connect_port).', { otherwise: 'that of the real server' }),
  address: optional(ip, 'Address to check (connect_ip).', { otherwise: 'that of the real server' }),
  interval: optional(seconds, 'Time between checks (delay_loop).', { value: 2, unit: 'seconds' }),
  timeout: optional(seconds, 'Time allowed for connecting (connect_timeout).', { value: 2, unit: 'seconds' }),
  retries: optional(z.int().min(0).max(100), 'Retries before a real server is taken out.', { value: 1 }),
  retryDelay: optional(seconds, 'Time between retries (delay_before_retry).', { value: 1, unit: 'seconds' }),
});

/** One check, or several of which each has to hold. */
export const checks = z.union([check, z.array(check).min(1)]);

import { readIp } from '../address.ts';
import type { Haproxy, HaproxyCheck, HaproxyListener, HaproxyStats, StatusRange } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { resolveSecret } from './secret.ts';
import { resolveTls } from './tls.ts';
import { resolveUpstreams } from './upstreams.ts';

type WrittenHaproxy = NonNullable<Written['haproxy']>;
type WrittenListener = WrittenHaproxy['listeners'][string];

/** HAProxy and its listeners. */
export function resolveHaproxy(
  written: Written['haproxy'],
  directors: readonly string[],
  context: Context,
): Haproxy | undefined {
  if (written === undefined) return undefined;
  const hosts = written.hosts === undefined ? directors : context.select(written.hosts, ['haproxy', 'hosts']);
  if (hosts.length === 0 && written.hosts === undefined)
    context.report(
      'haproxy-hosts',
      ['haproxy'],
      'there is no host to run HAProxy',
      'write directors: or hosts:',
      'key',
    );
  return {
    hosts,
    listeners: Object.entries(written.listeners).flatMap(([name, listener]) =>
      resolveListener(name, listener, ['haproxy', 'listeners', name], context),
    ),
    stats: resolveStats(written.stats, ['haproxy', 'stats'], context),
    maxConnections: written.maxConnections ?? 10_000,
    connectTimeout: written.connectTimeout ?? 5,
    clientTimeout: written.clientTimeout ?? 60,
    serverTimeout: written.serverTimeout ?? 60,
    errorFile503: written.errorFile503,
  };
}

function resolveListener(name: string, written: WrittenListener, path: Path, context: Context): HaproxyListener[] {
  const vip = readIp(written.vip);
  if (!vip.ok) {
    context.report('address', [...path, 'vip'], vip.error);
    return [];
  }
  const mode = written.mode ?? 'http';
  const needsHttp = (key: 'sticky' | 'forwardFor', is: boolean) => {
    if (mode === 'tcp' && is)
      context.report('haproxy-mode', [...path, key], `mode tcp sees no HTTP, which ${key} is about`, 'use mode: http');
  };
  needsHttp('sticky', written.sticky === 'cookie');
  needsHttp('forwardFor', written.forwardFor === true);
  return [
    {
      name,
      vip: vip.value.address,
      family: vip.value.family,
      port: written.port,
      mode,
      balance: written.balance ?? 'roundrobin',
      servers: resolveUpstreams(written.servers, written.serverPort ?? written.port, [...path, 'servers'], context),
      check: written.check === false ? undefined : resolveCheck(written.check ?? {}, [...path, 'check'], context),
      sticky: written.sticky,
      forwardFor: mode === 'http' && (written.forwardFor ?? true),
      maxConnections: written.maxConnections,
      tls: resolveTls(written.tls, [...path, 'tls'], context),
      options: written.options ?? [],
    },
  ];
}

function resolveCheck(
  written: Exclude<WrittenListener['check'], false | undefined>,
  path: Path,
  context: Context,
): HaproxyCheck {
  if (written.http === undefined) {
    for (const key of ['status', 'host'] as const)
      if (written[key] !== undefined)
        context.report(
          'haproxy-check',
          [...path, key],
          `${key} is about an answer, and none is asked for`,
          'write http: /path',
        );
  }
  const http =
    written.http === undefined
      ? undefined
      : { path: written.http, status: statusOf(written.status ?? '200-399'), host: written.host };
  return { http, interval: written.interval ?? 2, fall: written.fall ?? 2, rise: written.rise ?? 1 };
}

function statusOf(written: number | string): StatusRange {
  if (typeof written === 'number') return { first: written, last: written };
  const [first = 200, last = first] = written.split('-').map(Number);
  return { first, last };
}

function resolveStats(written: WrittenHaproxy['stats'], path: Path, context: Context): HaproxyStats | undefined {
  if (written === false) return undefined;
  const { user, password, port = 8404, path: page = '/stats' } = written ?? {};
  if ((user === undefined) !== (password === undefined))
    context.report('haproxy-stats', path, 'user and password go together', 'write both, or neither', 'key');
  const secret = password === undefined ? undefined : resolveSecret(password, [...path, 'password'], context);
  if (secret !== undefined && !/^[\x21-\x7e]+$/.test(secret.reveal()))
    context.report(
      'haproxy-stats',
      [...path, 'password'],
      'a blank or a special character is in the password',
      'use letters, digits and punctuation',
    );
  return {
    port,
    path: page,
    auth: user === undefined || secret === undefined ? undefined : { user, password: secret },
  };
}

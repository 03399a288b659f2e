import { plainPageOf } from '../check-of.ts';
import type { NginxSite, SiteProxy, VirtualService } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { resolveTls } from './tls.ts';
import { resolveUpstreams } from './upstreams.ts';

type WrittenSite = NonNullable<Written['nginx']>[string];

/** The web sites; port and health page default to those of the service that the hosts are real servers of. */
export function resolveSites(written: Written, services: readonly VirtualService[], context: Context): NginxSite[] {
  return Object.entries(written.nginx ?? {}).map(([name, site]) => {
    const path = ['nginx', name];
    const hosts = context.select(site.hosts, [...path, 'hosts']);
    const behind = servicesOf(name, hosts, services);
    const port = site.port ?? portOf(name, site, behind, context);
    checkContent(site, path, context);
    return {
      name,
      hosts,
      port,
      root: site.root,
      body: site.body,
      proxy: resolveProxy(site.proxy, [...path, 'proxy'], context),
      serverNames: site.serverNames ?? [],
      tls: resolveTls(site.tls, [...path, 'tls'], context),
      healthPath: healthOf(site.health, port, behind),
      accessLog: site.accessLog,
      trustedProxies:
        site.trustedProxies === undefined ? [] : context.select(site.trustedProxies, [...path, 'trustedProxies']),
      include: includeOf(site, written.templates, [...path, 'include'], context),
    };
  });
}

/** A site serves a folder, says a line, or passes on: one of them. */
function checkContent(site: WrittenSite, path: Path, context: Context): void {
  const there = (['root', 'body', 'proxy'] as const).filter((key) => site[key] !== undefined);
  const [, second] = there;
  if (there.length === 0)
    context.report('site-content', path, 'this site has nothing to serve', 'write root:, body: or proxy:', 'key');
  if (second !== undefined)
    context.report(
      'site-content',
      [...path, second],
      `${there.join(' and ')} cannot both be served at /`,
      'keep one',
      'key',
    );
}

/** A template of the inventory's own: there is none among the built-in ones. */
function includeOf(
  { include }: WrittenSite,
  templates: string | undefined,
  path: Path,
  context: Context,
): string | undefined {
  if (include !== undefined && templates === undefined)
    context.report(
      'templates',
      path,
      'there is no folder of templates to take it from',
      'write templates: FOLDER at the top',
    );
  return include;
}

function resolveProxy(written: WrittenSite['proxy'], path: Path, context: Context): SiteProxy | undefined {
  if (written === undefined) return undefined;
  const upstreams = resolveUpstreams(written.upstreams, written.port ?? 80, [...path, 'upstreams'], context);
  const balance = written.balance ?? 'round-robin';
  const spare = upstreams.findIndex(({ backup }) => backup);
  if (balance === 'ip-hash' && spare >= 0)
    context.report('proxy-backup', [...path, 'balance'], 'nginx has no backup servers with ip-hash', 'use least-conn');
  if (spare >= 0 && upstreams.every(({ backup }) => backup))
    context.report(
      'proxy-backup',
      [...path, 'upstreams'],
      'all of them are backup servers',
      'leave one without backup: true',
    );
  return {
    upstreams,
    balance,
    maxFails: written.maxFails ?? 2,
    failTimeout: written.failTimeout ?? 5,
    connectTimeout: written.connectTimeout ?? 2,
    readTimeout: written.readTimeout ?? 60,
  };
}

/** A service that a site serves, and the port of its real servers. */
interface Behind {
  readonly service: VirtualService;
  readonly port: number;
}

/** The services with a real server among the hosts; the one of the same name first. */
function servicesOf(name: string, hosts: readonly string[], services: readonly VirtualService[]): Behind[] {
  const served = new Set(hosts);
  const found = services.flatMap((service) => {
    const port = service.realServers.find(({ host }) => served.has(host))?.port;
    return port === undefined || service.protocol !== 'TCP' ? [] : [{ service, port }];
  });
  return found.sort((a, b) => Number(b.service.name === name) - Number(a.service.name === name));
}

function portOf(name: string, { tls }: WrittenSite, behind: readonly Behind[], context: Context): number {
  const [first] = behind;
  if (first === undefined) return tls === undefined ? 80 : 443;
  const ports = new Set(behind.map(({ port }) => port));
  if (ports.size > 1 && first.service.name !== name) {
    const message = `the hosts of ${name} serve ports ${[...ports].join(', ')}, and which of them nginx listens on is not said`;
    context.report('site-port', ['nginx', name], message, `write port: ${first.port}`, 'key');
  }
  return first.port;
}

function healthOf(written: string | false | undefined, port: number, behind: readonly Behind[]): string | undefined {
  if (written !== undefined) return written === false ? undefined : written;
  for (const { service, port: served } of behind) {
    const page = plainPageOf(service);
    if (served !== port || page === undefined) continue;
    const path = page.path.replace(/\?.*$/, '');
    if (path !== '/' && /^\/[A-Za-z0-9._~/-]+$/.test(path)) return path;
  }
  return undefined;
}

import type { NginxSite, VirtualService } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Context } from './context.ts';

/** The web sites; port and health page default to those of the service that the hosts are real servers of. */
export function resolveSites(written: Written, services: readonly VirtualService[], context: Context): NginxSite[] {
  return Object.entries(written.nginx ?? {}).map(([name, site]) => {
    const hosts = context.select(site.hosts, ['nginx', name, 'hosts']);
    const behind = servicesOf(name, hosts, services);
    const port = site.port ?? portOf(name, behind, context);
    return { name, hosts, port, root: site.root, healthPath: healthOf(site.health, port, behind) };
  });
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

function portOf(name: string, behind: readonly Behind[], context: Context): number {
  const [first] = behind;
  if (first === undefined) return 80;
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
    if (served !== port || service.check.kind.type !== 'http') continue;
    const path = service.check.kind.path.replace(/\?.*$/, '');
    if (path !== '/' && /^\/[A-Za-z0-9._~/-]+$/.test(path)) return path;
  }
  return undefined;
}

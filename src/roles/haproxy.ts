import { urlHost } from '../inventory/address.ts';
import type { Haproxy, HaproxyListener } from '../inventory/cluster.ts';
import type { Resource } from '../resources/index.ts';
import { ref } from '../resources/resource.ts';
import { haproxySocket } from '../inventory/resolve/haproxy-trackers.ts';
import { upstreamAddress } from './nginx.ts';
import type { Role, RoleContext } from './role.ts';
import { secretFile, sysctls, templateFile } from './settings.ts';

/** The file that HAProxy reads. */
export const haproxyConfiguration = '/etc/haproxy/haproxy.cfg';

const tlsFolder = '/etc/haproxy/lvsctl';

/** As with keepalived, a warning is a refusal: a line that is ignored is not what was wished. */
const validate = `complaint=$(haproxy -c -q -f "$new" 2>&1) && [ -z "$complaint" ] || { echo "haproxy refuses the configuration: $complaint"; false; }`;

/** A host that runs HAProxy. It listens on VIPs that keepalived may have put on another host. */
export const haproxy: Role = {
  name: 'haproxy',
  stage: 'real-servers',
  applies: ({ haproxy: wished }, { name }) => wished?.hosts.includes(name) === true,
  packages: ({ platform }) => platform.packages.haproxy,

  resources(context) {
    const { cluster, platform } = context;
    const wished = cluster.haproxy;
    if (wished === undefined) return [];
    const families = new Set(wished.listeners.map(({ family }) => family));
    const certificates = wished.listeners.flatMap((listener) => certificateFile(listener));
    const files = [haproxyConfiguration, ...certificates.map(({ path }) => path)];
    return [
      ...sysctls(context, 'haproxy', {
        ...(families.has(4) ? { 'net.ipv4.ip_nonlocal_bind': '1' } : {}),
        ...(families.has(6) ? { 'net.ipv6.ip_nonlocal_bind': '1' } : {}),
      }),
      ...(certificates.length === 0 ? [] : [{ kind: 'directory', path: tlsFolder, mode: '0700' } as const]),
      ...certificates.map(({ resource }) => resource),
      templateFile(context, haproxyConfiguration, 'haproxy.cfg', configuration(context, wished), {
        mode: '0640',
        validate,
        mask: 'stats auth',
      }),
      {
        kind: 'service',
        unit: platform.units.haproxy,
        reloadOn: files.map((path) => ref('file', path)),
        restartOn: [],
        configuration: files,
        listens: [...wished.listeners.map(({ port }) => port), ...(wished.stats ? [wished.stats.port] : [])],
        ready: wished.listeners
          .map(({ vip, port }) => `ss -Hltn src ${urlHost(vip)} sport = :${port} | grep -q .`)
          .join(' && '),
      },
    ];
  },
};

/** Certificate and key in one file, as `crt` takes them. */
function certificateFile({ name, tls }: HaproxyListener): { readonly path: string; readonly resource: Resource }[] {
  if (tls === undefined) return [];
  const path = certificatePath(name);
  return [{ path, resource: secretFile(path, `${tls.certificate.trimEnd()}\n${tls.key.reveal()}`) }];
}

function certificatePath(name: string): string {
  return `${tlsFolder}/${name}.pem`;
}

function configuration(context: RoleContext, wished: Haproxy): Record<string, unknown> {
  const { maxConnections, connectTimeout, clientTimeout, serverTimeout, errorFile503, stats } = wished;
  return {
    ...{ maxConnections, connectTimeout, clientTimeout, serverTimeout, errorFile503 },
    socket: haproxySocket,
    ipv6: context.host.addresses.some(({ family }) => family === 6),
    listeners: wished.listeners.map((listener) => section(context, listener)),
    stats: stats && {
      port: stats.port,
      path: stats.path,
      auth: stats.auth && `${stats.auth.user}:${stats.auth.password.reveal()}`,
    },
  };
}

function section(context: RoleContext, listener: HaproxyListener): Record<string, unknown> {
  const { name, vip, port, mode, balance, check, sticky, tls, family } = listener;
  const { maxConnections, forwardFor, options } = listener;
  return {
    ...{ name, mode, balance, maxConnections, forwardFor, options },
    bind: `${urlHost(vip)}:${port}`,
    certificate: tls && certificatePath(name),
    isHttp: mode === 'http',
    isCookie: sticky === 'cookie',
    isSource: sticky === 'source',
    tableType: family === 4 ? 'ip' : 'ipv6',
    httpCheck: check?.http && {
      path: check.http.path,
      host: check.http.host ?? urlHost(vip),
      status: `${check.http.status.first}-${check.http.status.last}`,
    },
    servers: listener.servers.map((server, index) => ({
      name: serverName(listener, index),
      end: `${urlHost(upstreamAddress(context, server))}:${server.port}`,
      weight: server.weight,
      checked: check && `check inter ${check.interval}s fall ${check.fall} rise ${check.rise}`,
      cookie: sticky === 'cookie' ? serverName(listener, index) : undefined,
      backup: server.backup,
    })),
  };
}

/** The name of a server in its section: its host's, with the port where the host is there twice. */
export function serverName({ servers }: HaproxyListener, index: number): string {
  const { host = '', port = 0 } = servers[index] ?? {};
  return servers.filter((one) => one.host === host).length > 1 ? `${host}-${port}` : host;
}

import { urlHost } from '../inventory/address.ts';
import type { NginxSite, SiteProxy, Upstream } from '../inventory/cluster.ts';
import { placedVips } from '../forwarding/placed-vip.ts';
import { meeting } from '../inventory/meeting.ts';
import type { Resource } from '../resources/index.ts';
import { ref } from '../resources/resource.ts';
import type { Role, RoleContext } from './role.ts';
import { common, secretFile, templateFile } from './settings.ts';

/**
 * `nginx -t` of the whole configuration with the candidate in its place, before anything is swapped: a copy of /etc/nginx is
 * laid over the real folder in a mount namespace that only the test sees.
 */
function validate(path: string): string {
  return [
    'mkdir "$work/nginx.$step"',
    'cp -a /etc/nginx/. "$work/nginx.$step/"',
    `rm -f "$work/nginx.$step/${path.slice('/etc/nginx/'.length, path.lastIndexOf('/'))}/\${new##*/}"`,
    `cp -- "$new" "$work/nginx.$step/${path.slice('/etc/nginx/'.length)}"`,
    `unshare -m sh -c 'mount --bind "$1" /etc/nginx && nginx -t -q' sh "$work/nginx.$step" || { echo "nginx refuses the configuration"; false; }`,
  ].join('\n');
}

/** A host that serves web sites with nginx. */
export const nginx: Role = {
  name: 'nginx',
  stage: 'real-servers',
  applies: (cluster, { name }) => cluster.sites.some((site) => site.hosts.includes(name)),
  packages: ({ platform }) => platform.packages.nginx,

  resources(context) {
    const { cluster, host, platform } = context;
    const sites = cluster.sites.filter((site) => site.hosts.includes(host.name));
    const files = sites.flatMap((site) => [...tlsFiles(site), siteFile(context, site)]);
    const removed: Resource[] =
      platform.nginx.defaultSite === undefined
        ? []
        : [
            {
              kind: 'file',
              path: platform.nginx.defaultSite,
              content: undefined,
              mode: '0644',
              owner: 'root',
              group: 'root',
              broughtBy: ref('package', 'all'),
            },
          ];
    const paths = [...files, ...removed].map((file) => (file.kind === 'file' ? file.path : ''));
    return [
      ...(sites.some(({ tls }) => tls !== undefined)
        ? [{ kind: 'directory', path: tlsFolder, mode: '0700' } as const]
        : []),
      ...files,
      ...removed,
      {
        kind: 'service',
        unit: platform.units.nginx,
        reloadOn: paths.map((path) => ref('file', path)),
        restartOn: [],
        configuration: paths,
        listens: sites.map(({ port }) => port),
        ready: sites.map((site) => `ss -Hltn sport = :${site.port} | grep -q .`).join(' && '),
      },
    ];
  },
};

/** Where the certificates and keys of sites are; root's alone: nginx reads them before it becomes another user. */
const tlsFolder = '/etc/nginx/lvsctl';

function tlsPaths({ name }: NginxSite): { readonly certificate: string; readonly key: string } {
  return { certificate: `${tlsFolder}/${name}.crt`, key: `${tlsFolder}/${name}.key` };
}

/** The key comes second and is tried with the certificate that is there by then. */
function tlsFiles(site: NginxSite): Resource[] {
  if (site.tls === undefined) return [];
  const { certificate, key } = tlsPaths(site);
  return [
    { kind: 'file', path: certificate, content: site.tls.certificate, mode: '0644', owner: 'root', group: 'root' },
    secretFile(key, site.tls.key.reveal(), { validate: validate(key) }),
  ];
}

function siteFile(context: RoleContext, site: NginxSite): Resource {
  const path = `${context.platform.nginx.sites}/${site.name}.conf`;
  const { addresses, name: host } = context.host;
  // A tunnel over IPv4 brings IPv6 requests to a host that has no IPv6 address but the VIP.
  const ipv6 = [...addresses, ...placedVips(context.cluster, host)].some(({ family }) => family === 6);
  const { name, port, root, healthPath } = site;
  const data = {
    ...{ name, port, root, healthPath, ipv6 },
    names: site.serverNames.join(' '),
    body: site.body?.replaceAll('%h', context.host.name),
    tls: site.tls === undefined ? undefined : tlsPaths(site),
    accessLog: site.accessLog === false ? undefined : site.accessLog,
    silent: site.accessLog === false,
    trusted: trustedAddresses(context, site),
    proxy: site.proxy === undefined ? undefined : proxyData(context, site.proxy),
    extra: site.include === undefined ? undefined : included(context, site.include),
  };
  return templateFile(context, path, 'nginx-site.conf', data, { validate: validate(path), listens: [port] });
}

/** Every address of the proxies: which of them they send from, their routes decide. */
function trustedAddresses({ cluster }: RoleContext, { trustedProxies }: NginxSite): string[] {
  return cluster.hosts
    .filter(({ name }) => trustedProxies.includes(name))
    .flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

function proxyData(context: RoleContext, proxy: SiteProxy): Record<string, unknown> {
  const upstreams = proxy.upstreams.map((one) => ({ ...one, address: urlHost(upstreamAddress(context, one)) }));
  return { ...proxy, upstreams };
}

/** The address by which a proxy reaches a server behind it. */
export function upstreamAddress(
  { cluster, host }: Pick<RoleContext, 'cluster' | 'host'>,
  { host: name }: Pick<Upstream, 'host'>,
): string {
  const server = cluster.hosts.find((one) => one.name === name);
  const address = server && meeting(host, server)?.to.address;
  if (address === undefined) throw new Error(`${host.name} and ${name} have no addresses of one family`);
  return address;
}

function included(context: RoleContext, template: string): string {
  const text = context.render(template, common(context)).trimEnd();
  return text.replace(/^(?=.)/gm, '    ');
}

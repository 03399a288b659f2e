import type { NginxSite } from '../inventory/cluster.ts';
import type { Resource } from '../resources/index.ts';
import { ref } from '../resources/resource.ts';
import type { Role, RoleContext } from './role.ts';
import { templateFile } from './settings.ts';

/**
 * `nginx -t` of the whole configuration with the candidate in its place, before anything is swapped: a copy of /etc/nginx is
 * laid over the real folder in a mount namespace that only the test sees.
 */
function validate(path: string): string {
  return [
    'mkdir "$work/nginx.$step"',
    'cp -a /etc/nginx/. "$work/nginx.$step/"',
    `rm -f "$work/nginx.$step/conf.d/\${new##*/}"`,
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
    const files = sites.map((site) => siteFile(context, site));
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
      ...files,
      ...removed,
      {
        kind: 'service',
        unit: platform.units.nginx,
        reloadOn: paths.map((path) => ref('file', path)),
        restartOn: [],
        configuration: paths,
        ready: sites.map((site) => `ss -Hltn sport = :${site.port} | grep -q .`).join(' && '),
      },
    ];
  },
};

function siteFile(context: RoleContext, site: NginxSite): Resource {
  const path = `${context.platform.nginx.sites}/${site.name}.conf`;
  const ipv6 = context.host.addresses.some((address) => address.family === 6);
  return templateFile(context, path, 'nginx-site.conf', { ...site, ipv6 }, { validate: validate(path) });
}

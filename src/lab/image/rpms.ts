/** A package of RHEL's name, made of what Debian packages have. */
export interface RpmRecipe {
  readonly name: string;
  /** Debian packages whose files it has. What these depend on becomes packages of its own, by Debian's names. */
  readonly debs: readonly string[];
  /** Files that it takes over from the host's root, which is without them until it is installed. */
  readonly taken?: readonly string[];
  /** Of these files, as patterns of sh, it has none: what is only Debian's, or is elsewhere on RHEL. */
  readonly without?: readonly string[];
  /** Folders that it has besides. */
  readonly folders?: readonly string[];
  /** Packages it needs besides what the Debian packages depend on. */
  readonly requires?: readonly string[];
  /** The account that its service runs by. */
  readonly user?: { readonly name: string; readonly home: string };
  /** Its units that a preset (systemd.preset(5)) may enable on installation. */
  readonly units?: readonly string[];
  /** sh run after the installation. */
  readonly post?: string;
}

/**
 * What lvsctl's roles install on the family, and what tests want to look with. What RHEL has in another place or in another form
 * (units, sysconfig, nginx.conf) lies in templates/lab-rhel-like/packages/NAME.
 */
export const rpms: readonly RpmRecipe[] = [
  {
    name: 'keepalived',
    debs: ['keepalived'],
    without: ['etc/keepalived/keepalived.conf.sample'],
    units: ['keepalived.service'],
  },
  { name: 'ipvsadm', debs: ['ipvsadm'], without: ['etc/ipvsadm.rules'], units: ['ipvsadm.service'] },
  {
    name: 'nginx',
    debs: ['nginx', 'nginx-common'],
    without: ['etc/nginx/sites-*', 'etc/nginx/modules-*', 'etc/nginx/snippets', 'etc/ufw', 'usr/share/nginx/modules'],
    folders: ['etc/nginx/conf.d', 'etc/nginx/default.d', 'usr/share/nginx/modules', 'var/log/nginx', 'var/lib/nginx'],
    user: { name: 'nginx', home: '/var/lib/nginx' },
    units: ['nginx.service'],
  },
  {
    name: 'haproxy',
    debs: ['haproxy'],
    // Debian's folder for sockets, /run/haproxy, is among them.
    without: ['usr/lib/tmpfiles.d', 'etc/rsyslog.d', 'etc/haproxy/errors', 'var/lib/haproxy/dev'],
    folders: ['etc/haproxy/conf.d', 'var/lib/haproxy'],
    user: { name: 'haproxy', home: '/var/lib/haproxy' },
    units: ['haproxy.service'],
  },
  { name: 'socat', debs: ['socat'] },
  {
    name: 'nfs-utils',
    debs: ['nfs-common', 'nfs-kernel-server'],
    without: [
      ...['usr/share/nfs-common', 'usr/share/nfs-kernel-server'],
      ...['usr/lib/systemd/system/nfs-common.service', 'usr/lib/systemd/system/nfs-kernel-server.service'],
    ],
    folders: ['etc/exports.d', 'var/lib/nfs/sm', 'var/lib/nfs/sm.bak', 'var/lib/nfs/rpc_pipefs'],
    user: { name: 'statd', home: '/var/lib/nfs' },
    units: ['nfs-server.service', 'nfs-client.target'],
    post: 'chown -R statd: /var/lib/nfs/sm /var/lib/nfs/sm.bak /var/lib/nfs/state',
  },
  {
    name: 'rpcbind',
    debs: ['rpcbind'],
    without: ['etc/insserv.conf.d', 'usr/lib/systemd/system/portmap.service'],
    // The account that Debian's program is built for.
    user: { name: '_rpc', home: '/run/rpcbind' },
    units: ['rpcbind.service', 'rpcbind.socket'],
  },
  {
    name: 'nftables',
    debs: [],
    taken: ['usr/sbin/nft', 'etc/nftables.conf', 'usr/lib/systemd/system/nftables.service'],
    units: ['nftables.service'],
  },
  { name: 'iproute-tc', debs: [], taken: ['usr/sbin/tc'], requires: ['iproute'] },
  { name: 'tcpdump', debs: ['tcpdump'], without: ['etc/apparmor.d'] },
];

import { words, type PackageManager } from './package-manager.ts';
import type { Platform } from './platform.ts';
import { rpmQuery } from './rpm.ts';
import { onSystemd, olderSystemd } from './systemd.ts';

/** dnf(8), or yum(8) of version 7, which has no dnf: it would pass over a package that it cannot find. */
const choose =
  'if command -v dnf >/dev/null; then pm="dnf -y -q"; else pm="yum -y -q --setopt=skip_missing_names_on_install=False"; fi';

/**
 * dnf and yum wait for each other's lock by themselves. rpm leaves a configuration file that was changed alone and puts the
 * new one beside it (.rpmnew), and keeps it on removal (.rpmsave). Packages start nothing.
 */
const dnf: PackageManager = {
  query: rpmQuery,

  // -C: from the lists that are there. The output is NAME.ARCH [EPOCH:]VERSION-RELEASE REPOSITORY after a headline.
  candidates: (names) =>
    [
      `if command -v dnf >/dev/null; then dnf -q -C list --available ${words(names)}; else yum -q -C list available ${words(names)}; fi 2>/dev/null |`,
      `  awk 'NF == 3 && $1 ~ /\\./ { sub(/\\.[^.]*$/, "", $1); sub(/^[0-9]+:/, "", $2); print $1, $2 }'`,
    ].join('\n'),

  // tsflags=test: everything is fetched and rpm's own checks are made, and nothing is changed.
  prepare: (install, remove) =>
    [
      choose,
      ...(install.length > 0
        ? ['$pm makecache', `$pm --setopt=tsflags=test --setopt=install_weak_deps=False install ${words(install)}`]
        : []),
      ...(remove.length > 0 ? [`$pm --setopt=tsflags=test remove ${words(remove)}`] : []),
    ].join('\n'),

  install: (names) => `${choose}\n$pm --setopt=install_weak_deps=False install ${words(names)}`,

  remove: (names) => `${choose}\n$pm --setopt=clean_requirements_on_remove=False remove ${words(names)}`,
};

/** RHEL and what is built like it: Rocky, Alma, CentOS, Fedora. systemd, SELinux, firewalld. */
export const rhel: Platform = {
  name: 'rhel',
  ...onSystemd,
  packages: {
    base: [],
    director: ['keepalived', 'ipvsadm'],
    marking: { nftables: ['nftables'], tc: ['iproute-tc'] },
    nginx: ['nginx'],
    haproxy: ['haproxy', 'socat'],
    nfsServer: ['nfs-utils'],
    nfsClient: ['nfs-utils'],
  },
  // The server that its nginx.conf brings stands after the include, so that ours is the first of its port.
  keepalivedOptions: { path: '/etc/sysconfig/keepalived', variable: 'KEEPALIVED_OPTIONS' },
  nginx: { sites: '/etc/nginx/conf.d', defaultSite: undefined },
  packageManager: dnf,
  services: olderSystemd,
  guards: ['selinux', 'firewalld'],
};

import { words, type PackageManager } from './package-manager.ts';
import type { Platform } from './platform.ts';
import { rpmQuery } from './rpm.ts';
import { onSystemd, olderSystemd } from './systemd.ts';

// ZYPP_LOCK_TIMEOUT: seconds to wait for another package manager.
const zypper = 'ZYPP_LOCK_TIMEOUT=300 zypper --non-interactive --quiet';

/** zypper(8). rpm keeps changed configuration files as it does with dnf, and packages start nothing. */
const manager: PackageManager = {
  query: rpmQuery,

  // Output: `STATE | NAME | TYPE | VERSION | ARCH | REPOSITORY`, newest first.
  candidates: (names) =>
    [
      `zypper --non-interactive --quiet --no-refresh search --details --match-exact --type package ${words(names)} 2>/dev/null |`,
      `  awk -F' *[|] *' '$3 == "package" && !seen[$2]++ { print $2, $4 }'`,
    ].join('\n'),

  prepare: (install, remove) =>
    [
      ...(install.length > 0
        ? [`${zypper} refresh`, `${zypper} install --dry-run --no-recommends ${words(install)}`]
        : []),
      ...(remove.length > 0 ? [`${zypper} remove --dry-run ${words(remove)}`] : []),
    ].join('\n'),

  install: (names) => `${zypper} install --no-recommends ${words(names)}`,
  remove: (names) => `${zypper} remove ${words(names)}`,
};

/** SUSE Linux Enterprise and openSUSE: zypper, systemd, firewalld. */
export const suse: Platform = {
  name: 'suse',
  ...onSystemd,
  packages: {
    base: [],
    director: ['keepalived', 'ipvsadm'],
    marking: { nftables: ['nftables'], tc: ['iproute2'] },
    nginx: ['nginx'],
    haproxy: ['haproxy', 'socat'],
    nfsServer: ['nfs-kernel-server'],
    nfsClient: ['nfs-client'],
  },
  keepalivedOptions: { path: '/etc/sysconfig/keepalived', variable: 'KEEPALIVED_OPTIONS' },
  nginx: { sites: '/etc/nginx/vhosts.d', defaultSite: undefined },
  packageManager: manager,
  services: olderSystemd,
  guards: ['firewalld'],
};

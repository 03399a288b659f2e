import { openrc } from './openrc.ts';
import { words, type PackageManager } from './package-manager.ts';
import type { Platform } from './platform.ts';

// --wait: seconds to wait for another apk.
const apk = 'apk --no-progress --wait 300';

/** `NAME-VERSION-rREVISION` → `NAME VERSION-rREVISION`. */
const split = `sed -n 's/^\\(.*\\)-\\([^-]*-r[0-9]*\\)$/\\1 \\2/p'`;

/** apk(8). A configuration file that was changed stays, and the new one is put beside it (.apk-new). Packages start nothing. */
const manager: PackageManager = {
  query: (names) => `apk info -e -v ${words(names)} 2>/dev/null | ${split}`,
  candidates: (names) => `apk search -e ${words(names)} 2>/dev/null | ${split}`,

  prepare: (install, remove) =>
    [
      ...(install.length > 0 ? [`${apk} update -q`, `${apk} add --simulate ${words(install)}`] : []),
      ...(remove.length > 0 ? [`${apk} del --simulate ${words(remove)}`] : []),
    ].join('\n'),

  install: (names) => `${apk} add ${words(names)}`,
  remove: (names) => `${apk} del ${words(names)}`,
};

/** Alpine: apk, OpenRC, BusyBox. iproute2 brings ss, and an ip that knows everything. */
export const alpine: Platform = {
  name: 'alpine',
  packages: {
    base: ['iproute2'],
    director: ['keepalived', 'ipvsadm'],
    marking: { nftables: ['nftables'], tc: ['iproute2-tc'] },
    nginx: ['nginx'],
    haproxy: ['haproxy', 'socat'],
    nfsServer: ['nfs-utils'],
    nfsClient: ['nfs-utils'],
  },
  keepalivedOptions: { path: '/etc/conf.d/keepalived', variable: 'KEEPALIVED_OPTS' },
  nginx: { sites: '/etc/nginx/http.d', defaultSite: '/etc/nginx/http.d/default.conf' },
  units: { keepalived: 'keepalived', nginx: 'nginx', haproxy: 'haproxy', nfsServer: 'nfs', rpcbind: 'rpcbind' },
  masked: { rpcbind: [] },
  // BusyBox's own ip knows no JSON. Until iproute2 is there nothing is known of what lvsctl would have set.
  askIp: (what) => `ip -j ${what} 2>/dev/null || echo '[]'`,
  packageManager: manager,
  services: openrc,
  guards: [],
};

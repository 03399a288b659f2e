import { quote } from '../ssh/quote.ts';
import type { PackageManager, Platform } from './platform.ts';

const words = (names: readonly string[]): string => names.map(quote).join(' ');

// --force-confold: a configuration file that is there stays, whatever the package brings.
const aptGet =
  'DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold';

const apt: PackageManager = {
  query: (names) =>
    `dpkg-query -W -f '\${db:Status-Status} \${Package} \${Version}\\n' ${words(names)} 2>/dev/null | sed -n 's/^installed //p'`,

  candidates: (names) =>
    `apt-cache policy ${words(names)} 2>/dev/null | sed -n -e 's/^\\([^ ].*\\):$/\\1/;t keep' -e 's/^  Candidate: //;t show' -e d -e ':keep' -e 'h;d' -e ':show' -e '/(none)/d;G;s/\\(.*\\)\\n\\(.*\\)/\\2 \\1/p'`,

  prepare: (install, remove) =>
    [
      'await_apt_lock',
      ...(install.length > 0 ? ['apt-get -q update'] : []),
      `${aptGet} --simulate --no-install-recommends install ${words(install)} ${remove.map((name) => quote(`${name}-`)).join(' ')} >"$work/simulation" || { cat "$work/simulation"; false; }`,
    ].join('\n'),

  install: (names) => `await_apt_lock\n${aptGet} --no-install-recommends install ${words(names)}`,

  remove: (names) => `await_apt_lock\n${aptGet} remove ${words(names)}`,
};

/** Debian and Ubuntu: apt, systemd. */
export const debian: Platform = {
  name: 'debian',
  packages: {
    director: ['keepalived', 'ipvsadm'],
    nginx: ['nginx'],
    nfsServer: ['nfs-kernel-server'],
    nfsClient: ['nfs-common'],
  },
  nginx: { sites: '/etc/nginx/conf.d', defaultSite: '/etc/nginx/sites-enabled/default' },
  units: { keepalived: 'keepalived.service', nginx: 'nginx.service', nfsServer: 'nfs-server.service' },
  packageManager: apt,
};

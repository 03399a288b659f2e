import { quote } from '../ssh/quote.ts';
import { words, type PackageManager } from './package-manager.ts';
import type { Platform } from './platform.ts';
import { onSystemd, systemd } from './systemd.ts';

/**
 * While it is there, an install only adds packages: nothing that runs is replaced, so nothing needs a restart in the middle.
 * Each package of such an install would reload systemd several times, a good part of the whole.
 */
const onlyAdds = '/run/lvsctl/packages-only-added';

// --force-confold: a configuration file that is there stays, whatever the package brings.
const aptGet =
  'apt-get -y -q -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold';

/**
 * A host that lost power, or an apply that was killed, may have left dpkg in the middle: then it does nothing else before that is
 * finished, and apt-get says so and gives up.
 */
const finishInterrupted = [
  'if [ -n "$(ls /var/lib/dpkg/updates 2>/dev/null)" ]; then',
  '  note "finishes what an interrupted dpkg left"',
  '  dpkg --force-confdef --force-confold --configure -a',
  'fi',
];

/**
 * A host that lost power soon after an update has lists that are empty or half there: apt then does nothing at all, not even a removal.
 * They are only copies of what the mirrors have.
 */
const readableLists = [
  'case "$(LC_ALL=C apt-cache policy 2>&1 >/dev/null)" in',
  '  *"package lists or status file could not be parsed"*)',
  '    note "the package lists cannot be read, and are fetched anew"',
  '    find /var/lib/apt/lists -type f ! -name lock -delete',
  '    apt-get -q update',
  'esac',
];

const apt: PackageManager = {
  query: (names) =>
    `dpkg-query -W -f '\${db:Status-Status} \${Package} \${Version}\\n' ${words(names)} 2>/dev/null | while read -r status found; do [ "$status" != installed ] || echo "$found"; done`,

  candidates: (names) =>
    `apt-cache policy ${words(names)} 2>/dev/null | sed -n -e 's/^\\([^ ].*\\):$/\\1/;t keep' -e 's/^  Candidate: //;t show' -e d -e ':keep' -e 'h;d' -e ':show' -e '/(none)/d;G;s/\\(.*\\)\\n\\(.*\\)/\\2 \\1/p'`,

  prepare: (install, remove) =>
    [
      'await_apt_lock',
      ...readableLists,
      ...(install.length > 0 ? ['apt-get -q update'] : []),
      'export DEBIAN_FRONTEND=noninteractive',
      `${aptGet} --simulate --no-install-recommends install ${words(install)} ${remove.map((name) => quote(`${name}-`)).join(' ')} >"$work/simulation" || { cat "$work/simulation"; false; }`,
      `mkdir -p ${onlyAdds.slice(0, onlyAdds.lastIndexOf('/'))}`,
      `rm -f ${onlyAdds}`,
      // `Inst NAME [OLD] (NEW …)`: an upgrade; `Remv NAME …`: a removal.
      `grep -q -e '^Inst [^ ]* \\[' -e '^Remv ' "$work/simulation" || : >${onlyAdds}`,
    ].join('\n'),

  install: (names, later) =>
    [
      'await_apt_lock',
      'export DEBIAN_FRONTEND=noninteractive',
      ...finishInterrupted,
      'offline=',
      `[ ! -e ${onlyAdds} ] || { rm ${onlyAdds}; offline=SYSTEMD_OFFLINE=1; : >"$work/begun"; }`,
      'code=0',
      `env $offline ${aptGet} --no-install-recommends install ${words(names)} || code=$?`,
      'if [ -n "$offline" ]; then',
      '  systemctl daemon-reload',
      '  # What the packages enabled, they would have started.',
      `  find /etc/systemd/system -path '*.wants/*' -newer "$work/begun" -printf '%f\\n' | sort -u >"$work/enabled"`,
      `  units=$(printf '%s\\n' ${words(later)} | grep -v -x -F -f - "$work/enabled") || :`,
      '  [ -z "$units" ] || systemctl start -- $units || :',
      'fi',
      '[ $code -eq 0 ]',
    ].join('\n'),

  remove: (names) =>
    [
      'await_apt_lock',
      'export DEBIAN_FRONTEND=noninteractive',
      ...finishInterrupted,
      ...readableLists,
      `${aptGet} remove ${words(names)}`,
    ].join('\n'),
};

/** Debian and Ubuntu: apt, systemd. */
export const debian: Platform = {
  name: 'debian',
  ...onSystemd,
  packages: {
    base: [],
    director: ['keepalived', 'ipvsadm'],
    marking: { nftables: ['nftables'], tc: ['iproute2'] },
    nginx: ['nginx'],
    haproxy: ['haproxy', 'socat'],
    nfsServer: ['nfs-kernel-server'],
    nfsClient: ['nfs-common'],
  },
  keepalivedOptions: { path: '/etc/default/keepalived', variable: 'DAEMON_ARGS' },
  nginx: { sites: '/etc/nginx/conf.d', defaultSite: '/etc/nginx/sites-enabled/default' },
  packageManager: apt,
  services: systemd,
  guards: [],
};

import type { World } from './support.ts';

const pruned = '-path /etc/lb -prune';

/** Where the packages' files and what systemd was told stand: a unit is enabled, masked or extended by a file in one of them. */
const folders = '/etc /usr/local /var/lib/lvsctl /run/lvsctl /run/systemd/system /run/systemd/transient';

/**
 * sh that prints everything about a host that lvsctl may change, so that it can be compared before and after: files of /etc,
 * lvsctl's own folders, units, addresses, routes, kernel parameters, mounts, the table of virtual services, exports.
 */
const traces = [
  // keepalived writes into the folder left out by itself: the files that checks and operators set.
  // A mount of NFS version 3 has rpc-statd wanted until the next boot, mount.nfs(8); /run/systemd/transient has logins,
  // and systemd makes it for the first unit of systemd-run.
  `find ${folders} -xdev ${pruned} -o -printf '%p %y %m %u:%g %l\\n' 2>/dev/null | grep -v -e rpc-statd -e '/run/systemd/.*wants d' -e '/run/systemd/transient d' -e '/session-' | sort`,
  `find /etc -xdev ${pruned} -o -type f -exec sha256sum {} + | sort`,
  'echo keepalived nginx haproxy nfs-server $(systemctl is-active keepalived nginx haproxy nfs-server)',
  `ip -o addr show | awk '{ print "address", $2, $4 }'`,
  `ip -o link show | awk '{ print "link", $2 }'`,
  'ip route show; ip -6 route show | sed "s/ expires [0-9]*sec//"; ip rule; ip -6 rule',
  'cd /proc/sys/net && grep -rs . ipv4/conf ipv4/vs ipv6/conf ipv4/ip_* | grep -v -e stable_secret -e local_port | sort; cd /',
  `awk '$3 ~ /^(nfs|autofs)/ && $3 != "nfsd" { print "mount", $1, $2, $3 }' /proc/self/mounts`,
  '[ ! -d /sys/module/ip_vs ] || { echo "ip_vs is loaded"; ipvsadm -Ln; }',
  'if command -v nft >/dev/null; then nft list ruleset; fi',
  'if command -v exportfs >/dev/null; then exportfs -s; fi',
].join('\n');

/** The traces of a host on which nothing is under way any more: a watchdog ends by itself within two seconds of a confirmation. */
export async function tracesOf(world: World, host: string): Promise<string> {
  await world.eventually(host, "! systemctl -q is-active 'lvsctl-watchdog*'");
  return world.on(host, traces);
}

const program = '/root/traces.sh';
const kept = '/root/traces-after-packages';

/**
 * sh that has apt, each time that it installed something, keep the traces of that moment: how a host is with packages that
 * nobody has configured.
 */
export const traceAfterPackages = `cat >${program} <<'end'
${traces}
end
echo 'DPkg::Post-Invoke { "env -u SYSTEMD_OFFLINE sh ${program} >${kept}"; };' >/etc/apt/apt.conf.d/99traces`;

/** sh that prints those traces once; nothing when none were kept. */
export const tracesAfterPackages = `[ ! -e ${kept} ] || { cat ${kept}; rm ${kept}; }`;

/**
 * What packages do that an apply and a teardown change: they have their units started at boot, which nobody asked for before; and
 * the installation is one of lvsctl's, with its files in use.
 */
const ofInstallation = /^- \/etc\/systemd\/system\/\S+\.wants(\/| d )|^- \/(run|var\/lib)\/lvsctl/;

/** The lines of traces that are gone (`-`) and new (`+`), but for what was excused above when packages were installed. */
export function differences(before: string, after: string, installed: boolean): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const [was, is] = [new Set(old), new Set(now)];
  const changed = [
    ...old.filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ];
  return changed.filter((line) => !installed || !ofInstallation.test(line));
}

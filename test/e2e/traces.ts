const pruned = '-path /etc/iproute2 -prune -o -path /etc/lb -prune';

/**
 * sh that prints everything about a host that lvsctl may change, so that it can be compared before and after: files of /etc,
 * lvsctl's own folders, units, addresses, routes, kernel parameters, mounts, the table of virtual services, exports.
 */
export const traces = [
  // keepalived writes into these folders by itself: names of protocols, and the files that checks and operators set.
  `find /etc /usr/local /var/lib/lvsctl /run/lvsctl -xdev ${pruned} -o -printf '%p %y %m %u:%g %l\\n' 2>/dev/null | sort`,
  `find /etc -xdev ${pruned} -o -type f -exec sha256sum {} + | sort`,
  // A mount of NFS version 3 has rpc-statd wanted until the next boot, mount.nfs(8).
  'systemctl list-unit-files --no-legend --no-pager --type service | grep -v ^rpc-statd.service | sort',
  'for unit in keepalived nginx haproxy nfs-server; do echo "$unit $(systemctl is-active $unit)"; done',
  `ip -o addr show | awk '{ print "address", $2, $4 }'`,
  `ip -o link show | awk '{ print "link", $2 }'`,
  'ip route show; ip -6 route show | sed "s/ expires [0-9]*sec//"; ip rule; ip -6 rule',
  `sysctl -a 2>/dev/null | grep -E '^net\\.(ipv4\\.(conf|ip_)|ipv6\\.conf|ipv4\\.vs)' | grep -v -e stable_secret -e local_port | sort`,
  `awk '$3 ~ /^(nfs|autofs)/ && $3 != "nfsd" { print "mount", $1, $2, $3 }' /proc/self/mounts`,
  '[ ! -d /sys/module/ip_vs ] || { echo "ip_vs is loaded"; ipvsadm -Ln; }',
  'if command -v nft >/dev/null; then nft list ruleset; fi',
  'if command -v exportfs >/dev/null; then exportfs -s; fi',
].join('\n');

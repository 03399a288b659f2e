/** A line of sh on a host. */
type Line = readonly [host: string, line: string];

/** Something wrong that is made on hosts of test/e2e/verify.yaml, and taken away again. */
export interface Fault {
  /** What verify has to find, each as `CHECK at WHERE`. */
  readonly finds: readonly string[];
  /** What it may find as well, by chance. */
  readonly mayFind?: readonly string[];
  readonly plant: readonly Line[];
  /** What is true once it has taken effect; nothing where it has at once. */
  readonly until?: readonly Line[];
  readonly mend: readonly Line[];
}

/** Checks for which no fault can be made here, and why. */
export const impossible: ReadonlyMap<string, string> = new Map([
  ['receive-merging', 'the NICs of the lab have no LRO that could be switched on'],
]);

/** A file that somebody changes by the given line, with `$file` for it; it is put back with its old time. */
function changed(host: string, file: string, change: string, after = ':'): Pick<Fault, 'plant' | 'mend'> {
  const kept = `/root/kept-${file.replaceAll('/', '-')}`;
  return {
    plant: [[host, `file=${file}; cp -a $file ${kept}; ${change}; ${after}`]],
    mend: [[host, `cp -a ${kept} ${file}; rm ${kept}; ${after}`]],
  };
}

/** What lvsctl was not told of drops packets that come in by NICs of a host; each filter as tc-u32(8) has it. */
function dropped(host: string, nics: readonly string[], ...filters: readonly string[]): Pick<Fault, 'plant' | 'mend'> {
  const plant = nics.flatMap((nic) => [
    `tc qdisc add dev ${nic} clsact`,
    ...filters.map((filter) => `tc filter add dev ${nic} ingress protocol ip u32 ${filter} action drop`),
  ]);
  return {
    plant: [[host, plant.join(' && ')]],
    mend: [[host, nics.map((nic) => `tc qdisc del dev ${nic} clsact`).join(' && ')]],
  };
}

/** Lengths of 1024 bytes and more: a bit of these is in each. */
const large = ['8000', '4000', '2000', '1000', '0800', '0400'].map((bit) => `match u16 0x${bit} 0x${bit} at 2`);

/** Freezes all processes of keepalived, or lets them go on. */
const keepalived = (signal: 'STOP' | 'CONT'): string => `kill -${signal} $(pidof keepalived)`;

/** Large packets that come to a real server by a tunnel are lost. */
const tunnelled = (host: string): Pick<Fault, 'plant' | 'mend'> =>
  dropped(host, ['eth0'], ...large.map((one) => `match ip protocol 4 0xff ${one}`));

/** An unknown router that speaks VRRP with the VRID of the directors, a low priority and a password of its own: five times a second. */
const stranger = `
import socket, struct, sys, time
head = struct.pack("!BBBBBB", 0x21, int(sys.argv[1]), 1, 1, 1, 1)
body = socket.inet_aton("10.77.0.250") + b"stranger"
words = struct.unpack("!10H", head + b"\\0\\0" + body)
total = sum(words)
total = (total & 0xFFFF) + (total >> 16)
total = (total & 0xFFFF) + (total >> 16)
packet = head + struct.pack("!H", ~total & 0xFFFF) + body
out = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.77.0.17"))
while True:
    out.sendto(packet, ("224.0.0.18", 0))
    time.sleep(0.2)
`;

/** Faults in groups: those of one do not disturb each other, and are planted at once and found by one verification. */
export const faults: readonly (readonly Fault[])[] = [
  [
    {
      finds: ['services-active at nas1'],
      plant: [['nas1', 'systemctl stop beacon']],
      mend: [['nas1', 'systemctl start beacon']],
    },
    {
      finds: ['app-ready at nas1'],
      plant: [['nas1', 'rm /run/beacon.ready']],
      mend: [['nas1', 'touch /run/beacon.ready']],
    },
    {
      finds: ['boot-order at lb2'],
      plant: [
        [
          'lb2',
          'sed /network-online/d /usr/lib/systemd/system/keepalived.service >/etc/systemd/system/keepalived.service; systemctl daemon-reload',
        ],
      ],
      mend: [['lb2', 'rm /etc/systemd/system/keepalived.service; systemctl daemon-reload']],
    },
    {
      finds: ['keepalived-config at lb2'],
      ...changed('lb2', '/etc/keepalived/keepalived.conf', `echo 'vrp_instance X {' >>$file`),
    },
    {
      finds: ['foreign-services at lb2'],
      plant: [
        ['lb2', 'cp /usr/bin/sleep /root/kube-proxy; systemd-run -q --collect --unit foreign /root/kube-proxy 600'],
      ],
      mend: [['lb2', 'systemctl stop foreign; rm /root/kube-proxy']],
    },
    {
      finds: ['ipvs-table at lb1'],
      plant: [['lb1', 'ipvsadm -e -t 10.77.0.100:80 -r 10.77.0.13:80 -g -w 7']],
      mend: [['lb1', 'ipvsadm -e -t 10.77.0.100:80 -r 10.77.0.13:80 -g -w 1']],
    },
    {
      finds: ['ipvs-settings at lb1'],
      plant: [['lb1', 'ipvsadm --set 800 0 0']],
      mend: [['lb1', 'ipvsadm --set 900 0 0']],
    },
    {
      finds: ['tunnel-reverse-path at web1'],
      plant: [['web1', 'sysctl -qw net.ipv4.conf.all.rp_filter=1']],
      mend: [['web1', 'sysctl -qw net.ipv4.conf.all.rp_filter=0']],
    },
    {
      finds: ['real-server-route at web2'],
      plant: [['web2', 'ip rule add pref 1 from 10.78.0.14 lookup main']],
      mend: [['web2', 'ip rule del pref 1']],
    },
    {
      // Found on the VIP's own port alone: the health check still gets its answer.
      finds: ['real-server-listens at web2'],
      ...changed(
        'web2',
        '/etc/nginx/conf.d/tun.conf',
        `sed -i 's/listen .*;/listen 10.77.0.14:81;/' $file`,
        'systemctl restart nginx',
      ),
    },
    {
      // A backup that has no way to a real server: it would serve with half of them.
      finds: ['director-reaches-rips at lb2', 'haproxy-backends at lb2', 'ipvs-table at lb2'],
      plant: [['lb2', 'ip route add unreachable 10.77.0.14']],
      until: [
        ['lb2', `echo 'show stat' | socat - UNIX-CONNECT:/var/lib/haproxy/stats | grep -q '^front,web2,.*DOWN'`],
        ['lb2', '! ipvsadm -Ln | grep -q 10.77.0.14:'],
      ],
      mend: [['lb2', 'ip route del unreachable 10.77.0.14']],
    },
    {
      finds: ['peers-alike at proof'],
      ...changed(
        'lb2',
        '/var/lib/dpkg/status',
        `sed -i '/^Package: keepalived$/,/^$/s/^Version: .*/Version: 1:2.3.2-1/' $file`,
      ),
    },
    {
      finds: ['nfs-listed at probe1', 'services-active at nas1'],
      plant: [['nas1', 'systemctl stop rpcbind.socket rpcbind.service']],
      mend: [['nas1', 'systemctl start rpcbind.socket rpcbind.service']],
    },
    {
      finds: ['nfs-mounted at probe1', 'nfs-readable at probe1'],
      plant: [['probe1', 'mount -t tmpfs tmpfs /mnt/old']],
      mend: [['probe1', 'umount /mnt/old']],
    },
    {
      finds: ['nfs-writable at web1'],
      plant: [['web1', 'mount -o remount,ro /srv/www']],
      mend: [['web1', 'mount -o remount,rw /srv/www']],
    },
    {
      // The certificate of the examples is not valid yet on that day.
      finds: ['certificates at web2', 'clocks-agree at proof'],
      plant: [['web2', `echo "$(date +%s) $(cut -d. -f1 /proc/uptime)" >/root/clock; date -s 2026-11-01 >/dev/null`]],
      mend: [
        [
          'web2',
          'read -r then up </root/clock; date -s "@$((then + $(cut -d. -f1 /proc/uptime) - up))" >/dev/null; rm /root/clock',
        ],
      ],
    },
  ],
  [
    {
      // A client that has a real server for the VIP: it is answered, past the director.
      finds: ['requests at probe1', 'counters at lb1'],
      plant: [
        [
          'probe1',
          'ping -c 1 -W 5 10.77.0.13 >/dev/null; ip neigh replace 10.77.0.100 lladdr "$(ip neigh show 10.77.0.13 | sed \'s/.*lladdr \\([^ ]*\\).*/\\1/\')" dev eth0 nud permanent',
        ],
      ],
      mend: [['probe1', 'ip neigh del 10.77.0.100 dev eth0']],
    },
    {
      // A network that carries no packets of full size between director and real server, and does not say so.
      finds: ['large-requests at probe1'],
      plant: ['web1', 'web2'].flatMap((web) => tunnelled(web).plant),
      mend: ['web1', 'web2'].flatMap((web) => tunnelled(web).mend),
    },
    {
      finds: ['haproxy-requests at probe1'],
      ...dropped('lb1', ['eth0'], 'match ip protocol 6 0xff match ip dport 8000 0xffff'),
    },
    {
      finds: ['vrrp-adverts at lb1', 'vrrp-adverts at lb2', 'vrrp-log at lb2'],
      // A backup complains of each advert, a master of the first alone.
      mayFind: ['vrrp-log at lb1'],
      plant: [
        [
          'probe1',
          `cat >/root/stranger.py <<'end'\n${stranger}end\nsystemd-run -q --collect --unit stranger python3 /root/stranger.py 51`,
        ],
      ],
      until: ['lb1', 'lb2'].map((lb) => [lb, `journalctl -q -u keepalived --since -20s | grep -q 10.77.0.17`]),
      mend: [
        ['probe1', 'systemctl stop stranger; rm /root/stranger.py'],
        // What was said of it is read for ten seconds.
        ['lb1', 'sleep 10'],
      ],
    },
  ],
  [
    {
      // As if somebody had moved VIPs by hand, and keepalived did not see it.
      finds: [
        'vip-interface at lb1',
        'vip-holder at lb1',
        'sync-group at proof',
        'vrrp-adverts at lb1',
        'vrrp-adverts at lb2',
      ],
      plant: [
        ['lb2', `${keepalived('STOP')}; ip addr add 10.78.0.100/32 dev eth1`],
        [
          'lb1',
          `${keepalived('STOP')}; ip addr del 10.78.0.100/32 dev eth1; ip addr del 10.77.0.100/32 dev eth0; ip addr add 10.77.0.100/32 dev eth1`,
        ],
      ],
      mend: [
        [
          'lb1',
          `ip addr del 10.77.0.100/32 dev eth1; ip addr add 10.77.0.100/32 dev eth0; ip addr add 10.78.0.100/32 dev eth1; ${keepalived('CONT')}`,
        ],
        ['lb2', `ip addr del 10.78.0.100/32 dev eth1; ${keepalived('CONT')}`],
      ],
    },
  ],
  [
    {
      finds: ['vip-holder at proof', 'vrrp-adverts at lb1'],
      ...dropped('lb2', ['eth0', 'eth1'], 'match ip protocol 112 0xff'),
      until: [['lb2', 'ip -o addr show to 10.77.0.100 | grep -q eth0']],
    },
  ],
  [
    {
      finds: ['real-server-arp at web1', 'arp-single at probe1', 'as-planned at web1'],
      plant: [['web1', 'sysctl -qw net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.eth0.arp_ignore=0']],
      mend: [
        ['web1', 'sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.eth0.arp_ignore=1'],
        ['probe1', 'ip neigh flush all'],
      ],
    },
    {
      finds: ['reachable at web2'],
      plant: [['web2', 'systemctl stop ssh.socket ssh.service 2>/dev/null; :']],
      mend: [['web2', 'systemctl start ssh.service']],
    },
    {
      finds: ['preflight at nas1'],
      ...changed('nas1', '/etc/os-release', `rm $file; echo ID=beos >$file`),
    },
  ],
];

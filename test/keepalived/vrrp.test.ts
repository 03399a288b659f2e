import { describe, expect, test } from 'vitest';
import { base, cluster, type Machine } from '../inventory/reading.ts';
import { block, configurationOf } from './configuration.ts';
import { wishesOf } from '../support/cluster.ts';

const machine: Machine = { files: { '/inv/s/well.sh': '#!/bin/sh\n', '/inv/s/told.sh': '#!/bin/sh\n:\n' } };

const configuration = (text: string, director: string): string => configurationOf(text, director, machine);

const vips = 'vips: [10.77.0.100]';
const plain = 'virtual_ipaddress {\n10.77.0.100/32 dev eth0\n}';

/** What is written of an instance, and its block on lb1 and, where it differs, on lb2. */
const instances: readonly [what: string, written: string, lb1: string, lb2?: string][] = [
  [
    'nothing but its VIP',
    vips,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 150\nadvert_int 1\n${plain}`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 100\nadvert_int 1\n${plain}`,
  ],
  [
    'a first state, which the preferred director alone gets',
    `${vips}, state: MASTER, priorities: { lb1: 10, lb2: 20 }`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 10\nadvert_int 1\n${plain}`,
    `state MASTER\ninterface eth0\nvirtual_router_id 51\npriority 20\nadvert_int 1\n${plain}`,
  ],
  [
    'fractions of a second, and what comes with them',
    `${vips}, interval: 0.2, downTimerAdverts: 5, preemptDelay: 30`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 150\nversion 3\nadvert_int 0.2\ndown_timer_adverts 5\npreempt_delay 30\n${plain}`,
  ],
  [
    'unicast: from its own address to those of the others',
    `${vips}, unicast: true, preempt: false, accept: false`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 150\nadvert_int 1\nnopreempt\nno_accept\nunicast_src_ip 10.77.0.11\nunicast_peer {\n10.77.0.12\n}\n${plain}`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 100\nadvert_int 1\nnopreempt\nno_accept\nunicast_src_ip 10.77.0.12\nunicast_peer {\n10.77.0.11\n}\n${plain}`,
  ],
  [
    'a virtual MAC, on whose device the VIPs are',
    `${vips}, vrid: 7, vmac: true, unicast: true`,
    'state BACKUP\ninterface eth0\nuse_vmac vrrp.7\nvmac_xmit_base\nvirtual_router_id 7\npriority 150\nadvert_int 1\nunicast_src_ip 10.77.0.11\nunicast_peer {\n10.77.0.12\n}\nvirtual_ipaddress {\n10.77.0.100/32\n}',
  ],
  [
    'gratuitous ARP: a zero is a wish too',
    `${vips}, garp: { delay: 0, repeat: 2, refresh: 0, refreshRepeat: 3 }, extra: [garp_lower_prio_repeat 1]`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 150\nadvert_int 1\ngarp_master_delay 0\ngarp_master_repeat 2\ngarp_master_refresh 0\ngarp_master_refresh_repeat 3\n${plain}\ngarp_lower_prio_repeat 1`,
  ],
  [
    'routes, each with a NIC',
    `${vips}, routes: [{ to: default, via: 10.77.0.1 }, { to: 10.9.0.0/16, source: 10.77.0.100, metric: 0, table: 7 }, { to: 10.8.0.0/16, via: 10.1.1.1, interface: eth9 }]`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 150\nadvert_int 1\n${plain}\nvirtual_routes {\ndefault via 10.77.0.1 dev eth0\n10.9.0.0/16 dev eth0 src 10.77.0.100 metric 0 table 7\n10.8.0.0/16 via 10.1.1.1 dev eth9\n}`,
  ],
  [
    'rules of policy routing',
    `${vips}, rules: [{ from: 10.77.0.100, table: 7 }, { to: 10.9.0.0/16, interface: eth1, mark: 3, table: 8, priority: 90 }]`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 150\nadvert_int 1\n${plain}\nvirtual_rules {\nfrom 10.77.0.100 table 7 priority 6000\nto 10.9.0.0/16 iif eth1 fwmark 3 table 8 priority 90\n}`,
  ],
  [
    'BFD sessions, each director with its own neighbor',
    `${vips}, track: [{ bfd: { neighbor: { lb1: 10.77.0.12, lb2: 10.77.0.11 }, minTx: 50 }, weight: -20 }, { bfd: 10.77.0.1 }]`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 150\nadvert_int 1\ntrack_bfd {\nbfd_10_77_0_12 weight -20\nbfd_10_77_0_1\n}\n${plain}`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 100\nadvert_int 1\ntrack_bfd {\nbfd_10_77_0_11 weight -20\nbfd_10_77_0_1\n}\n${plain}`,
  ],
  [
    'what is run when its state changes',
    `${vips}, notify: { all: s/told.sh, master: [/usr/bin/logger, -t, vrrp], fault: [s/well.sh, now], user: daemon }`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 150\nadvert_int 1\n${plain}\nnotify_master "/usr/bin/logger -t vrrp" daemon\nnotify_fault "/etc/keepalived/lvsctl/well.sh now" daemon\nnotify "/etc/keepalived/lvsctl/told.sh" daemon`,
  ],
  [
    'trackers of each kind',
    `${vips}, track: [{ interface: eth1, weight: -10 }, { interface: eth2 }, { script: s/well.sh, weight: 5 }, { process: sshd }, { file: /var/lib/x/prio }]`,
    `state BACKUP\ninterface eth0\nvirtual_router_id 51\npriority 150\nadvert_int 1\ntrack_interface {\neth1 weight -10\neth2\n}\ntrack_script {\nwell weight 5\n}\ntrack_process {\nsshd\n}\ntrack_file {\nprio weight 1\n}\n${plain}`,
  ],
];

describe('a vrrp_instance', () => {
  test.each(instances)('%s', (_what, written, lb1, lb2) => {
    const text = `vrrp: { A: { ${written} } }\n`;
    expect(block(configuration(text, 'lb1'), 'vrrp_instance A')).toBe(lb1);
    if (lb2 !== undefined) expect(block(configuration(text, 'lb2'), 'vrrp_instance A')).toBe(lb2);
  });

  test('advertises as many VIPs as an advert has room for, and carries the rest without', () => {
    const many = Array.from({ length: 260 }, (_, n) => `10.77.${1 + Math.floor(n / 200)}.${1 + (n % 200)}`);
    const text = `cluster: a\nhosts: { lb1: { address: 10.77.0.1/16 }, lb2: { address: 10.77.0.2/16 } }\ndirectors: [lb1, lb2]\nvrrp: { A: { vips: [${many.join(', ')}] } }\n`;
    const [lb1] = wishesOf(cluster(text));
    const file = lb1?.resources.find(({ ref }) => ref === 'file /etc/keepalived/keepalived.conf')?.resource;
    const conf = file?.kind === 'file' ? (file.content ?? '') : '';
    expect(block(conf, 'virtual_ipaddress').split('\n')).toHaveLength(255);
    expect(block(conf, 'virtual_ipaddress_excluded').split('\n')).toHaveLength(5);
  });
});

describe('definitions', () => {
  test('are written once for all that use them, and numbered where they differ', () => {
    const conf = configuration(
      [
        'vrrp:',
        '  A: { vips: [10.77.0.100], track: [{ script: s/well.sh }, { process: sshd, weight: -5 }] }',
        '  B: { vips: [10.77.0.101], track: [{ script: s/well.sh, weight: 9 }, { script: s/well.sh, fall: 3, user: daemon }] }',
        '  C: { vips: [10.77.0.102], track: [{ process: sshd, quorum: 2, delay: 0.5 }] }',
        '',
      ].join('\n'),
      'lb1',
    );
    expect(conf.match(/^(?:vrrp_script|vrrp_track_process) .*/gm)).toEqual([
      'vrrp_script well {',
      'vrrp_script well_2 {',
      'vrrp_track_process sshd {',
      'vrrp_track_process sshd_2 {',
    ]);
    expect(block(conf, 'vrrp_script well_2')).toBe(
      'script "/etc/keepalived/lvsctl/well.sh"\ninterval 1\ntimeout 1\nrise 1\nfall 3\nuser daemon',
    );
    expect(block(conf, 'vrrp_track_process sshd_2')).toBe('process sshd\nweight 0\nquorum 2\ndelay 0.5');
  });

  test('a sync group comes with its trackers and notifications', () => {
    const conf = configuration(
      'vrrp: { A: { vips: [10.77.0.100] }, B: { vips: [10.77.0.101] } }\nsyncGroups: { G: { instances: [A, B], track: [{ script: [/usr/bin/test, -e, /etc/x], name: x }], notify: { stop: s/told.sh } } }\n',
      'lb1',
    );
    expect(block(conf, 'vrrp_sync_group G')).toBe(
      'group {\nA\nB\n}\ntrack_script {\nx\n}\nnotify_stop "/etc/keepalived/lvsctl/told.sh" root',
    );
  });

  test('what holds for all stands in global_defs, script security always', () => {
    expect(block(configuration(`vrrp: { A: { ${vips} } }\n`, 'lb1'), 'global_defs')).toBe(
      'router_id lb1\nscript_user nobody\nenable_script_security\nvrrp_garp_master_refresh 60',
    );
    const more =
      'keepalived: { scriptUser: daemon, startupDelay: 3, garp: { refresh: 0 }, extra: [vrrp_skip_check_adv_addr] }\n';
    expect(block(configuration(`${more}vrrp: { A: { ${vips} } }\n`, 'lb1'), 'global_defs')).toBe(
      'router_id lb1\nscript_user daemon\nenable_script_security\nvrrp_garp_master_refresh 0\nvrrp_startup_delay 3\nvrrp_skip_check_adv_addr',
    );
  });

  test('vrrp_strict is never written', () => {
    for (const [, written] of instances)
      expect(configuration(`vrrp: { A: { ${written} } }\n`, 'lb1')).not.toContain('strict');
  });
});

test('scripts come to the directors before the configuration that names them, root alone may change them', () => {
  const text = `vrrp: { A: { ${vips}, track: [{ script: s/well.sh }, { file: /var/lib/x/prio }], notify: { all: s/told.sh, stop: s/told.sh } } }\n`;
  const [lb1] = wishesOf(cluster(`${base}${text}`, machine));
  const resources = lb1?.resources.map(({ ref }) => ref) ?? [];
  const places = [
    'directory /etc/keepalived/lvsctl',
    'directory /var/lib/x',
    'file /etc/keepalived/lvsctl/well.sh',
    'file /etc/keepalived/lvsctl/told.sh',
    'file /etc/keepalived/keepalived.conf',
  ].map((ref) => resources.indexOf(ref));
  expect(places).not.toContain(-1);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
  expect(lb1?.resources.find(({ ref }) => ref === 'file /etc/keepalived/lvsctl/told.sh')?.resource).toMatchObject({
    content: '#!/bin/sh\n:\n',
    mode: '0755',
    owner: 'root',
  });
});

test('a virtual MAC needs ARP settings, which others do without', () => {
  const wished = (written: string) => {
    const [lb1] = wishesOf(cluster(`${base}vrrp: { A: { ${written} } }\n`));
    return lb1?.resources.map(({ ref }) => ref).filter((ref) => ref.includes('arp_'));
  };
  expect(wished(vips)).toEqual([]);
  expect(wished(`${vips}, vmac: true`)).toEqual([
    'sysctl net.ipv4.conf.all.arp_ignore',
    'sysctl net.ipv4.conf.all.arp_announce',
  ]);
});

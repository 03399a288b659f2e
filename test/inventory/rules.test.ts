import { expect, test } from 'vitest';
import { rules } from '../../src/inventory/rules/index.ts';
import { base, marked, problems } from './reading.ts';
import { keepalivedCases } from './rule-cases/keepalived.ts';
import { serviceCases } from './rule-cases/services.ts';
import type { Case } from './rule-cases/case.ts';
import { forwardingCases } from './rule-cases/forwarding.ts';

const www = 'services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web*] }\n';
const both =
  'hosts:\n  lb[1:2]: { address: 10.77.0.[11:12], address6: "fd77::[11:12]" }\n  web1: { address: 10.77.0.13, address6: fd77::13 }\n';

const cases: readonly Case[] = [
  ...serviceCases,
  ...keepalivedCases,
  ...forwardingCases,
  [
    'address-unique',
    'cluster: a\nhosts:\n  a: { address: 10.0.0.1 }\n  b: { address: «10.0.0.1 }\n',
    'b has the address 10.0.0.1 of a',
  ],
  [
    'address-unique',
    'cluster: a\nhosts:\n  a: { address: 10.0.0.1 }\n  b[1:3]: { address: «10.0.0.[0:2]/16 }\n',
    'b2 has the address 10.0.0.1 of a',
  ],
  [
    'address-unique',
    'cluster: a\nhosts:\n  a: { address: fd00::1 }\n  b: { address: 10.0.0.1, interfaces: { eth1: [10.1.0.1, «"fd00:0::1"] } }\n',
    'b has the address fd00::1 of a',
  ],
  [
    'vip-not-host-address',
    `${base}services:\n  www: { vip: «10.77.0.14, port: 80, realServers: [web1] }\n`,
    'the VIP 10.77.0.14 is the address of web2',
  ],
  [
    'vip-in-connected-network',
    `${base}services:\n  www: { vip: «10.78.0.100, port: 80, realServers: [web1] }\n`,
    'in no network of lb1 (eth0), lb2 (eth0)',
  ],
  ['vip-in-connected-network', `${base}vrrp:\n  VI_1: { vips: [10.77.0.9, «10.1.0.9] }\n`, '10.1.0.9'],
  [
    'vip-in-an-instance',
    `${base}services:\n  www: { vip: «10.77.0.100, port: 80, realServers: [web1] }\nvrrp: { VI_1: { vips: [10.77.0.101] } }\n`,
    'in no VRRP instance',
  ],
  [
    'vip-in-an-instance',
    `${base}${www}vrrp:\n  A: { vips: [10.77.0.100] }\n  B: { vips: [10.77.0.101, «10.77.0.100] }\n`,
    'a VIP of A and of B',
  ],
  [
    'two-services-one-vip-port',
    `${base}${www}  shop: { vip: 10.77.0.100, port: «80, realServers: [web1] }\n`,
    'so is www',
  ],
  [
    'dr-equal-ports',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1, { host: web2, port: «8080 }] }\n`,
    'web2 listens on port 8080',
  ],
  [
    'real-servers-on-vip-network',
    `cluster: a\nhosts:\n  lb1: { address: 10.0.0.1 }\n  w[1:2]: { address: 10.1.0.[1:2] }\ndirectors: [lb1]\nservices:\n  www: { vip: 10.0.0.9, port: 80, realServers: [w1, «w2, '!w1'] }\n`,
    'w2 (10.1.0.2)',
  ],
  [
    'director-not-real-server',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1, «lb2] }\n`,
    'lb2 is a director',
  ],
  [
    'vrid-unique',
    `${base}${www}vrrp:\n  A: { vrid: 60 }\n  B: { vrid: «60, vips: [10.77.0.101] }\n`,
    'VRID 60 of B is that of A',
  ],
  [
    'vrid-unique',
    `${base}vrrp:\n  A: { vrid: 60, vips: [10.77.0.100] }\n  B: { vrid: «60, vips: [10.77.0.101], interface: eth0 }\n`,
    'VRID 60 of B is that of A',
  ],
  [
    'vrrp-interface',
    `${base}vrrp: { A: { interface: «eth1, vips: [10.77.0.100] } }\n`,
    'the director lb1 has no interface eth1',
  ],
  [
    'vrrp-interface',
    `${base}vrrp: { A: { vips: [{ address: 10.77.0.100, interface: «ehh0 }] } }\n`,
    'the director lb1 has no interface ehh0',
  ],
  [
    'sync-group-members',
    `${base}vrrp: { A1: { vips: [10.77.0.100] }, B1: { vips: [10.77.0.101] } }\nsyncGroups: { G: [A1, «B2] }\n`,
    'there is no VRRP instance B2',
  ],
  [
    'sync-group-members',
    `${base}vrrp: { A: { vips: [10.77.0.100] }, B: { vips: [10.77.0.101] }, C: { vips: [10.77.0.102] } }\nsyncGroups: { G: [A, B], H: { instances: [«B, C] } }\n`,
    'in the sync group G and in H',
  ],
  ['sync-group-members', `${base}vrrp: { A: { vips: [10.77.0.100] } }\nsyncGroups: { G: [A, «A] }\n`, 'twice in G'],
  [
    'priorities-complete',
    `${base}${www}vrrp:\n  VI_1:\n    «priorities: { lb1: 100 }\n`,
    'no priority for the director lb2',
  ],
  [
    'priorities-complete',
    `${base}${www}vrrp:\n  VI_1: { priorities: { lb1: 100, lb2: 90, «web1: 80 } }\n`,
    'web1 has a priority, but is not a director',
  ],
  [
    'priorities-distinct',
    `${base}${www}vrrp:\n  VI_1: { priorities: { lb1: 100, lb2: «100 } }\n`,
    'lb2 and lb1 both have priority 100',
  ],
  ['auth-pass-length', `${base}${www}vrrp:\n  VI_1: { authPass: «ninechars }\n`, '9 characters long'],
  ['auth-pass-length', `${base}${www}vrrp:\n  VI_1: { authPass: «"" }\n`, 'is empty'],
  ['auth-pass-length', `${base}${www}vrrp:\n  VI_1: { authPass: «'a#b' }\n`, 'gives a meaning'],
  [
    'auth-pass-version',
    `${base}vrrp: { A: { vips: [10.77.0.100], version: 3, authPass: «abc } }\n`,
    'A runs version 3, in which VRRP has no passwords',
  ],
  [
    'advert-interval',
    `${base}vrrp: { A: { vips: [10.77.0.100], version: 2, interval: «0.5 } }\n`,
    'version 2 counts whole seconds, and the interval of A is 0.5',
  ],
  [
    'advert-interval',
    `${base}vrrp: { A: { vips: [10.77.0.100], version: 3, interval: «41 } }\n`,
    'up to 40.95 seconds',
  ],
  ['advert-interval', `${base}vrrp: { A: { vips: [10.77.0.100], interval: «0.125 } }\n`, 'hundredths of a second'],
  [
    'vrrp-version-family',
    `cluster: a\n${both}directors: [lb1, lb2]\nvrrp: { A: { vips: [fd77::9], version: «2 } }\n`,
    'A carries IPv6, which VRRP version 2 does not know',
  ],
  [
    'nopreempt-state',
    `${base}vrrp: { A: { vips: [10.77.0.100], preempt: false, state: «MASTER } }\n`,
    'preempt: false would have no effect',
  ],
  [
    'nopreempt-state',
    `${base}vrrp: { A: { vips: [10.77.0.100], preemptDelay: 5, state: «MASTER } }\n`,
    'preemptDelay would have no effect',
  ],
  [
    'preempt-delay',
    `${base}vrrp: { A: { vips: [10.77.0.100], preempt: false, preemptDelay: «5 } }\n`,
    'A never preempts',
  ],
  [
    'unicast-peers',
    `cluster: a\nhosts: { lb1: { address: 10.77.0.11 } }\ndirectors: [lb1]\nvrrp: { A: { vips: [10.77.0.100], unicast: «true } }\n`,
    'sends its adverts to the other directors, and there are none',
  ],
  [
    'unicast-peers',
    `cluster: a\nhosts:\n  lb1: { address: 10.77.0.11, address6: fd77::11, interfaces: { eth1: 10.78.0.11 } }\n  lb2: { address: 10.77.0.12, address6: fd77::12, interfaces: { eth1: "fd78::12" } }\ndirectors: [lb1, lb2]\nvrrp: { A: { vips: [10.77.0.100], interface: eth1, unicast: «true } }\n`,
    'lb2 has no IPv4 address on eth1',
  ],
  [
    'sync-group-agrees',
    `${base}vrrp:\n  A: { vips: [10.77.0.100] }\n  B:\n    vips: [10.77.0.101]\n    «priorities: { lb1: 100, lb2: 150 }\nsyncGroups: { G: [A, B] }\n`,
    'prefer the directors in another order: lb1, lb2, and lb2, lb1',
  ],
  [
    'sync-group-agrees',
    `${base}vrrp: { A: { vips: [10.77.0.100] }, B: { vips: [10.77.0.101], preempt: «false } }\nsyncGroups: { G: [A, B] }\n`,
    'only one of them preempts',
  ],
  [
    'sync-group-weight',
    `${base}vrrp: { A: { vips: [10.77.0.100], track: [«{ process: sshd, weight: -20 }] }, B: { vips: [10.77.0.101] } }\nsyncGroups: { G: [A, B] }\n`,
    'a tracker with weight -20 in the sync group G',
  ],
  [
    'sync-group-weight',
    `${base}vrrp: { A: { vips: [10.77.0.100] }, B: { vips: [10.77.0.101] } }\nsyncGroups: { G: { instances: [A, B], track: [«{ file: /var/lib/x/y }] } }\n`,
    'a tracker with weight 1 in the sync group G',
  ],
  [
    'tracker-own-interface',
    `${base}vrrp: { A: { vips: [10.77.0.100], track: [{ interface: «eth0, weight: 10 }] } }\n`,
    'A runs on eth0, which it watches anyhow',
  ],
  [
    'track-file-folder',
    `${base}vrrp: { A: { vips: [10.77.0.100], track: [{ file: «/var/run/x/prio }] } }\n`,
    '/var/run does not keep its folders over a boot',
  ],
  [
    'vip-label',
    `cluster: a\n${both}directors: [lb1, lb2]\nvrrp: { A: { vips: [{ address: "fd77::9", label: «x }] } }\n`,
    'fd77::9 is IPv6, where addresses have no labels',
  ],
  ['no-accept-serves-nobody', `${base}${www}vrrp: { A: { accept: «false } }\n`, 'www is a service on 10.77.0.100'],
  [
    'virtual-route-family',
    `${base}vrrp: { A: { vips: [10.77.0.100], routes: [«{ to: 10.9.0.0/16, via: "fd77::1" }] } }\n`,
    'a route of A mixes IPv4 and IPv6: 10.9.0.0/16, fd77::1',
  ],
  [
    'keepalived-version',
    `${base}keepalived: { version: 2.2.2 }\nvrrp: { A: { vips: [10.77.0.100], downTimerAdverts: «5 } }\n`,
    'keepalived 2.2.2 has no downTimerAdverts (down_timer_adverts)',
  ],
  [
    'keepalived-version',
    `${base}keepalived: { version: 1.3.5 }\nvrrp: { A: { vips: [10.77.0.100], track: [«{ process: sshd }] } }\n`,
    'keepalived 1.3.5 has no trackers of processes (track_process)',
  ],
  [
    'auth-pass-version',
    `cluster: a\n${both}directors: [lb1, lb2]\nservices:\n  w: { vip: fd77::9, port: 80, realServers: [web1] }\nvrrp: { VI: { authPass: «abc } }\n`,
    'VRRP has no passwords',
  ],
  [
    'site-port-collision',
    `${base}nginx:\n  a: { hosts: [web1], root: /a, port: 80 }\n  b: { hosts: [web*], root: /b, port: «80 }\n`,
    'b and a both listen on port 80 of web1',
  ],
  [
    'mount-has-export',
    `${base}storage:\n  exports: { nas1:/srv/www: { clients: [web*] } }\n  mounts: { /mnt: { from: «nas1:/srv/ww, hosts: [web1] } }\n`,
    'nas1:/srv/ww is not exported',
  ],
  [
    'mount-has-export',
    `${base}storage:\n  exports: { nas1:/srv/www: { clients: [web1] } }\n  mounts:\n    /mnt:\n      from: nas1:/srv/www\n      «hosts: [web*]\n`,
    'not exported to web2, web3',
  ],
  [
    'export-client-has-address-family',
    'cluster: a\nhosts:\n  a: { address: 10.0.0.1 }\n  b: { address: fd00::1 }\nstorage:\n  exports:\n    a:/srv:\n      «clients: [b]\n',
    'b and the server a have no address of one family',
  ],
  [
    'site-port-collision',
    `${base}nginx:\n  a: { hosts: [web1], body: a, serverNames: [a.test, b.test] }\n  b: { hosts: [web*], body: b, serverNames: [b.test], port: «80 }\n`,
    'both listen on port 80 of web1, for b.test',
  ],
  [
    'port-taken',
    `${base}haproxy: { listeners: { www: { vip: 10.77.0.100, port: «80, servers: [web1] } } }\nnginx: { a: { hosts: [lb1], body: a } }\n`,
    "HAProxy's www and the site a both listen on port 80 of lb1",
  ],
  [
    'port-taken',
    `${base}haproxy:\n  listeners: { www: { vip: 10.77.0.100, port: 80, servers: [web1] } }\n  stats: { port: «80 }\n`,
    "HAProxy's statistics and HAProxy's www both listen on port 80",
  ],
  [
    'haproxy-on-directors',
    `${base}haproxy:\n  «hosts: [lb1]\n  listeners: { www: { vip: 10.77.0.100, port: 80, servers: [web1] } }\n`,
    'can come to lb2, where HAProxy does not run',
  ],
  [
    'haproxy-on-directors',
    `${base}haproxy:\n  «hosts: [lb1, lb2, nas1]\n  listeners: { www: { vip: 10.77.0.100, port: 80, servers: [web1] } }\n`,
    'runs on nas1, where no VIP ever comes',
  ],
  [
    'haproxy-end-unique',
    `${base}${www}haproxy: { listeners: { other: { vip: 10.77.0.100, port: «80, servers: [web1] } } }\n`,
    'is that of the service www too',
  ],
  [
    'upstream-reachable',
    `${base}nginx: { a: { hosts: [web1], proxy: { upstreams: [nas1, «web1] } } }\n`,
    'the site a on web1 passes on to itself',
  ],
  [
    'upstream-reachable',
    'cluster: a\nhosts: { a: { address: 10.0.0.1 }, b: { address: fd00::1 } }\nnginx: { s: { hosts: [a], proxy: { upstreams: [«b] } } }\n',
    'b and a of the site s have no address of one family',
  ],
  [
    'unit-once',
    `${base}apps:\n  a: { hosts: [web1], unit: a.service }\n  b: { hosts: [web*], «unit: a.service }\n`,
    'a.service on web1 belongs to a already',
  ],
  ['unit-once', `${base}apps: { a: { hosts: [web1], unit: «nginx.service } }\n`, 'is what nginx is about'],
  [
    'export-reachable',
    'cluster: a\nhosts: { a: { address: 10.0.0.1 }, b: { address: 10.1.0.1 } }\nstorage:\n  exports:\n    a:/srv:\n      «clients: [b]\n',
    'none of the clients of a:/srv is in a network of a',
  ],
  [
    'export-client-has-address-family',
    `${base}storage:\n  exports:\n    nas1:/srv:\n      «clients: [fd77::/64]\n`,
    'fd77::/64 and the server nas1',
  ],
  [
    'fsid-unique',
    `${base}storage:\n  exports:\n    nas1:/a: { clients: [all], options: [fsid=0] }\n    «nas1:/b: { clients: [all], options: [fsid=root] }\n`,
    '/b and /a of nas1 both have fsid=0',
  ],
  [
    'fsid-unique',
    `${base}storage:\n  exports:\n    «nas1:/a: { clients: [{ clients: [web1], options: [fsid=1] }, { clients: [web2], options: [fsid=2] }] }\n`,
    'nas1:/a has fsid=1 and fsid=2',
  ],
  [
    'nfs-version',
    `${base}storage:\n  server: { versions: [4] }\n  exports: { nas1:/srv: { clients: [web*] } }\n  mounts:\n    /mnt:\n      from: nas1:/srv\n      hosts: [web1]\n      «options: [nfsvers=3]\n`,
    '/mnt asks for version 3, and storage.server serves 4.0, 4.1, 4.2',
  ],
  [
    'mount-loop',
    `${base}storage:\n  exports: { nas1:/srv: { clients: [all] } }\n  mounts:\n    «/srv/again: { from: nas1:/srv, hosts: [nas1] }\n`,
    'nas1:/srv is made of nas1:/srv',
  ],
  [
    'mount-loop',
    `${base}storage:\n  exports: { nas1:/a: { clients: [all] }, web1:/b: { clients: [all] } }\n  mounts:\n    «/a/b: { from: web1:/b, hosts: [nas1] }\n    /b: { from: nas1:/a, hosts: [web1] }\n`,
    'nas1:/a is made of web1:/b is made of nas1:/a',
  ],
  ['verify-from-outside', `${base}${www}verify: { from: [operator, «lb1] }\n`, 'lb1 is a director'],
];

test.each(cases.map(([rule, text, message]) => ({ rule, text, message })))(
  '$rule: $message',
  ({ rule, text: written, message }) => {
    const { text, line, column } = marked(written);
    const found = problems(text);
    expect(found.map((problem) => problem.rule)).toContain(rule);
    const at = found.find((problem) => problem.rule === rule);
    expect(at).toMatchObject({ line, column, message: expect.stringContaining(message) as unknown });
  },
);

test('vrid-range: the numbers dealt out end at 255', () => {
  const instances = Array.from(
    { length: 206 },
    (_, n) => `  I${n}: { vips: [10.77.${1 + Math.floor(n / 200)}.${1 + (n % 200)}] }\n`,
  );
  const text = `cluster: a\nhosts: { lb1: { address: 10.77.0.1/16 } }\ndirectors: [lb1]\nvrrp:\n${instances.join('')}`;
  expect(problems(text)).toMatchObject([
    { rule: 'vrid-range', line: 210, column: 3, message: expect.stringContaining('I205') as unknown },
  ]);
});

test('every rule has a case', () => {
  const tried = new Set([...cases.map(([rule]) => rule), 'vrid-range']);
  expect(rules.filter(({ name }) => !tried.has(name))).toEqual([]);
});

test('a case breaks nothing but its rule', () => {
  const others = cases.filter(([rule, written]) =>
    problems(marked(written).text).some((problem) => problem.rule !== rule),
  );
  expect(others.map(([rule]) => rule)).toEqual([]);
});

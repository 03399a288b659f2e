import { beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { plainGroup } from '../../src/inventory/resolve/sync-groups.ts';
import type { Check } from '../../src/verify/check.ts';
import { checks } from '../../src/verify/checks/index.ts';
import {
  arping,
  drCluster,
  failure,
  holderMac,
  nonce,
  onceReply,
  reply,
  stats,
  table,
  vip,
  web3Mac,
  withService,
  World,
} from './world.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await drCluster();
});

/** Each client stays with its real server. */
const persistent = { timeout: 300, granularity: 32, engine: undefined };

/** Another instance, which moves together with the first. */
function withPair(one: Cluster): Cluster {
  const [first] = one.vrrp;
  if (!first) throw new Error('there is no instance');
  const second = { ...first, name: 'VI_2', vips: first.vips.map((its) => ({ ...its, address: '10.77.0.101' })) };
  return { ...one, vrrp: [first, second], syncGroups: [plainGroup('G', [first.name, second.name])] };
}

/** One thing that is wrong, and what is found: `status where: seen`, the text being a part of it. */
type Case = readonly [name: string, check: string, breakIt: (world: World) => void, ...found: string[]];

const cases: readonly Case[] = [
  [
    'a host that somebody changed',
    'as-planned',
    (world) =>
      world.steps.push({
        host: 'web2',
        step: {
          resource: 'file /etc/x',
          action: 'update',
          summary: 'mode \u001b[31m',
          impact: 'none',
          sh: '',
          undo: undefined,
        },
      }),
    'failed web2: file /etc/x: mode \\x1b[31m',
  ],
  [
    'a service that failed and one that is not there',
    'services-active',
    (world) => {
      world.state('web1', 'service nginx.service', { loaded: true, active: 'failed', enabled: true, owed: [] });
      world.state('lb2', 'service keepalived.service', { loaded: false, active: 'inactive', enabled: false, owed: [] });
    },
    'failed lb2: no such unit',
    'failed web1: failed',
  ],
  [
    'a configuration that keepalived warns of',
    'keepalived-config',
    (world) => {
      world.answer('before', 'lb2', 'keepalived-config', '(Line 3) Unknown keyword "vrp_instance"\n');
    },
    'failed lb2: exit code 0: (Line 3) Unknown keyword',
  ],
  [
    'a configuration that is missing',
    'keepalived-config',
    (world) => {
      world.answer('before', 'lb1', 'keepalived-config', '/etc/keepalived/keepalived.conf is missing or empty\n', 1);
    },
    'failed lb1: exit code 1: /etc/keepalived/keepalived.conf is missing or empty',
  ],
  [
    'a VIP that nobody holds',
    'vip-holder',
    (world) => {
      world.address('lb1', { interface: 'eth0', address: vip, prefix: 32 }, false);
    },
    'failed shop: none of lb1 and lb2 holds it',
  ],
  [
    'a VIP that two hold',
    'vip-holder',
    (world) => {
      world.address('lb2', { interface: 'eth0', address: vip, prefix: 32 });
    },
    'failed shop: held by lb1 and lb2',
  ],
  [
    'a VIP that a director of the lower priority holds, where keepalived is under OpenRC',
    'vip-holder',
    (world) => {
      world.cluster = {
        ...world.cluster,
        hosts: world.cluster.hosts.map((host) => ({ ...host, platform: 'alpine' })),
      };
      for (const name of world.cluster.directors) {
        world.state(name, 'service keepalived.service', {
          loaded: false,
          active: 'inactive',
          enabled: false,
          owed: [],
        });
        world.state(name, 'service keepalived', { loaded: true, active: 'active', enabled: true, owed: [] });
      }
      world.address('lb1', { interface: 'eth0', address: vip, prefix: 32 }, false);
      world.address('lb2', { interface: 'eth0', address: vip, prefix: 32 });
    },
    'failed lb1: held by lb2, priority 100',
  ],
  [
    'a VIP that the director of the lower priority holds',
    'vip-holder',
    (world) => {
      world.address('lb1', { interface: 'eth0', address: vip, prefix: 32 }, false);
      world.address('lb2', { interface: 'eth0', address: vip, prefix: 32 });
    },
    'failed lb1: held by lb2, priority 100',
  ],
  [
    'a director that could not be asked, beside the holder',
    'vip-holder',
    (world) => {
      world.unreach('lb2');
    },
    'unknown shop: held by lb1; lb2 could not be asked',
  ],
  [
    'the holder not asked',
    'vip-holder',
    (world) => {
      world.unreach('lb1');
    },
    'unknown shop: none of lb2 holds it; lb1 could not be asked',
  ],
  [
    'no director asked',
    'vip-holder',
    (world) => {
      world.unreach('lb1');
      world.unreach('lb2');
    },
  ],
  [
    'a VIP on lo of the other director, which does not hold it',
    'vip-holder',
    (world) => {
      world.address('lb2', { interface: 'lo', address: vip, prefix: 32 });
    },
  ],
  [
    'a VIP on another NIC than its own',
    'vip-interface',
    (world) => {
      world.address('lb1', { interface: 'eth0', address: vip, prefix: 32 }, false);
      world.address('lb1', { interface: 'eth1', address: vip, prefix: 32 });
    },
    'failed lb1: eth1',
  ],
  [
    'the VIPs of a sync group on two directors',
    'sync-group',
    (world) => {
      world.cluster = withPair(world.cluster);
      world.address('lb2', { interface: 'eth0', address: '10.77.0.101', prefix: 32 });
    },
    'failed shop: 10.77.0.100 on lb1 and 10.77.0.101 on lb2',
  ],
  [
    'the VIPs of a sync group on one director',
    'sync-group',
    (world) => {
      world.cluster = withPair(world.cluster);
      world.address('lb1', { interface: 'eth0', address: '10.77.0.101', prefix: 32 });
    },
  ],
  [
    'a VIP that may stay where it is for a while',
    'vip-holder',
    (world) => {
      world.cluster = { ...world.cluster, vrrp: world.cluster.vrrp.map((one) => ({ ...one, preemptDelay: 60 })) };
      world.address('lb1', { interface: 'eth0', address: vip, prefix: 32 }, false);
      world.address('lb2', { interface: 'eth0', address: vip, prefix: 32 });
    },
  ],
  [
    'a table that was changed by hand on the backup',
    'ipvs-table',
    (world) => {
      world.answer('before', 'lb2', 'ipvs-table', table({ '10.77.0.14': undefined, '10.77.0.15': 1 }));
    },
    'failed lb2: - 10.77.0.100:80 TCP → 10.77.0.14:80 (web2) missing\n~ 10.77.0.100:80 TCP → 10.77.0.15:80 (web3) weight 1, wished 2',
  ],
  [
    'no ipvsadm',
    'ipvs-table',
    (world) => {
      world.answer('before', 'lb1', 'ipvs-table', 'sh: 1: ipvsadm: not found\n', 127);
    },
    'failed lb1: this is not a listing of ipvsadm (sh: 1: ipvsadm: not found, exit code 127)',
  ],
  [
    'ARP settings that are not in force, or could not be read',
    'real-server-arp',
    (world) => {
      world.state('web1', 'sysctl net.ipv4.conf.eth0.arp_ignore', { own: '0', effective: '0' });
      world.state('web2', 'sysctl net.ipv4.conf.eth0.arp_announce', { own: '1', effective: '1' });
      world.state('web3', 'sysctl net.ipv4.conf.eth0.arp_announce', undefined);
    },
    'failed web1: effective value 0',
    'failed web2: effective value 1',
    'unknown web3: net.ipv4.conf.eth0.arp_announce could not be read',
  ],
  [
    'arp_ignore 2, which is stricter',
    'real-server-arp',
    (world) => {
      world.state('web1', 'sysctl net.ipv4.conf.eth0.arp_ignore', { own: '2', effective: '2' });
    },
  ],
  [
    'a VIP that is missing, has another prefix, or is on a card as well',
    'real-server-arp',
    (world) => {
      world.address('web1', { interface: 'lo', address: vip, prefix: 32 }, false);
      world.address('web2', { interface: 'lo', address: vip, prefix: 24 });
      world.address('web3', { interface: 'eth0', address: vip, prefix: 32 });
    },
    'failed web1: 10.77.0.100 is on no interface',
    'failed web2: 10.77.0.100/24 on lo',
    'failed web3: 10.77.0.100/32 on lo, 10.77.0.100/32 on eth0',
  ],
  [
    'a server bound to its own address, and one that does not listen',
    'real-server-listens',
    (world) => {
      world.answer('before', 'web1', 'real-server-listens', 'TCP LISTEN 0 511 10.77.0.13:80 0.0.0.0:*\n');
      world.answer('before', 'web2', 'real-server-listens', 'UDP UNCONN 0 0 0.0.0.0:80 0.0.0.0:*\n');
      world.answer('before', 'web3', 'real-server-listens', 'TCP LISTEN 0 511 [::]:80 [::]:*\n');
    },
    'failed web1: listens on 10.77.0.13',
    'failed web2: nothing listens on port 80',
    'failed web3: listens on [::]',
  ],
  [
    'sockets on the VIP, on both families, and bound to an interface',
    'real-server-listens',
    (world) => {
      world.answer('before', 'web1', 'real-server-listens', `TCP LISTEN 0 511 ${vip}:80 0.0.0.0:*\n`);
      world.answer('before', 'web2', 'real-server-listens', 'TCP LISTEN 0 511 *:80 *:*\n');
      world.answer('before', 'web3', 'real-server-listens', `TCP LISTEN 0 511 ${vip}%lo:80 0.0.0.0:*\n`);
    },
  ],
  [
    'real servers that a director does not reach',
    'director-reaches-rips',
    (world) => {
      const replies = [onceReply(0, 'HTTP/1.1 503 Busy\r'), onceReply(1, 'curl: (7) Connection refused', 7)];
      world.answer('before', 'lb2', 'director-reaches-rips', replies.join(''));
      world.answer('before', 'lb1', 'director-reaches-rips', [0, 1, 2].map((n) => onceReply(n, '', 28)).join(''));
    },
    'failed lb1: no answer in time',
    'failed lb1: no answer in time',
    'failed lb1: no answer in time',
    'failed lb2: HTTP status 503',
    'failed lb2: curl: (7) Connection refused',
    'unknown lb2: it was not tried',
  ],
  [
    'a director without a client',
    'director-reaches-rips',
    (world) => {
      const none = [0, 1, 2].map((n) => onceReply(n, 'neither curl nor bash is there', 127));
      world.answer('before', 'lb2', 'director-reaches-rips', none.join(''));
    },
    ...Array.from({ length: 3 }, () => 'unknown lb2: neither curl nor bash is there'),
  ],
  [
    'a real server that answers ARP as well',
    'arp-single',
    (world) => {
      world.answer('during', 'probe1', 'arp-single', arping(holderMac, web3Mac));
    },
    `failed probe1: ${holderMac} (lb1) and ${web3Mac} (web3)`,
  ],
  [
    'a stranger that answers alone',
    'arp-single',
    (world) => {
      world.answer('during', 'probe1', 'arp-single', arping('0a:0b:0c:0d:0e:0f'));
    },
    'failed probe1: 0a:0b:0c:0d:0e:0f (not a director or real server that was asked)',
  ],
  [
    'nobody who answers ARP',
    'arp-single',
    (world) => {
      world.answer('during', 'probe1', 'arp-single', arping());
    },
    'failed probe1: none',
  ],
  [
    'a holder that is not known',
    'arp-single',
    (world) => {
      world.unreach('lb1');
    },
    `unknown probe1: ${holderMac} (not a director or real server that was asked); which director holds it is not known`,
  ],
  [
    'the neighbour table alone',
    'arp-single',
    (world) => {
      world.answer(
        'during',
        'probe1',
        'arp-single',
        `\n${nonce} vip ${vip} neighbour\n${vip} lladdr ${holderMac} REACHABLE\n`,
      );
    },
    `unknown probe1: ${holderMac} (lb1); arping is not there`,
  ],
  [
    'the neighbour table, with the wrong one in it',
    'arp-single',
    (world) => {
      world.answer(
        'during',
        'probe1',
        'arp-single',
        `\n${nonce} vip ${vip} neighbour\n${vip} lladdr ${web3Mac} STALE\n`,
      );
    },
    `failed probe1: ${web3Mac} (web3)`,
  ],
  [
    'the arping of another package',
    'arp-single',
    (world) => {
      const said = `42 bytes from ${holderMac} (${vip}): index=0 time=1.2 msec`;
      world.answer('during', 'probe1', 'arp-single', `\n${nonce} vip ${vip} arping\n${said}\n`);
    },
  ],
  [
    'a real server that no request reaches',
    'requests',
    (world) => {
      world.requests('probe1', { web1: 10, web3: 20 });
    },
    'failed probe1: 30 of 30; 10 by web1; 20 by web3; none by web2',
  ],
  [
    'requests that fail, whatever the reason',
    'requests',
    (world) => {
      world.requests(
        'probe1',
        { web1: 7, web2: 7, web3: 13 },
        reply('web2', 502),
        failure(7, 'curl: (7) refused'),
        failure(28, ''),
      );
      world.requests('operator', {}, ...Array.from({ length: 3 }, () => failure(28, 'curl: (28) timed out')));
    },
    'failed probe1: 27 of 30; 7 by web1; 7 by web2; 13 by web3; status 502; curl: (7) refused; no answer in time',
    'failed operator: 0 of 30; none by web1, web2 and web3; no answer in time',
  ],
  [
    'somebody else who answers, or does not say who',
    'requests',
    (world) => {
      world.requests('probe1', { web1: 7, web2: 7, web3: 14, lb1: 2 });
      world.requests('operator', { web1: 7, web2: 7, web3: 15 }, reply(undefined));
    },
    'failed probe1: 30 of 30; 7 by web1; 7 by web2; 14 by web3; 2 by lb1',
    'failed operator: 30 of 30; 7 by web1; 7 by web2; 15 by web3; some without the header X-Real-Server',
  ],
  [
    'a vantage point without a client',
    'requests',
    (world) => {
      world.requests('probe1', {}, failure(127, 'neither curl nor bash is there'));
    },
    'unknown probe1: 0 of 30',
  ],
  [
    'a vantage point that was lost on the way',
    'requests',
    (world) => {
      world.silence('during', 'probe1');
    },
  ],
  [
    'too few requests to blame a real server',
    'requests',
    (world) => {
      world.cluster = { ...world.cluster, verify: { ...world.cluster.verify, requests: 10 } };
      world.requests('probe1', { web1: 5, web3: 5 });
      world.requests('operator', { web1: 2, web2: 3, web3: 5 });
    },
    'unknown probe1: 10 of 10; 5 by web1; 5 by web3; none by web2; 10 connections are too few to tell, 25 would do',
  ],
  [
    'the least loaded preferred',
    'requests',
    (world) => {
      world.cluster = withService(world.cluster, { scheduler: 'wlc' });
      world.requests('probe1', { web1: 10, web3: 20 });
    },
    'unknown probe1: 30 of 30; 10 by web1; 20 by web3; none by web2; wlc prefers the least loaded',
  ],
  [
    'persistence: one server for one client',
    'requests',
    (world) => {
      world.cluster = withService(world.cluster, { persistence: persistent });
      world.requests('probe1', { web2: 30 });
      world.requests('operator', { web3: 30 });
    },
  ],
  [
    'a service that lvsctl does not configure and that does not say who answers',
    'requests',
    (world) => {
      world.cluster = { ...world.cluster, sites: [] };
      for (const where of ['probe1', 'operator']) {
        world.requests(where, {}, ...Array.from({ length: 30 }, () => reply(undefined)));
      }
    },
  ],
  [
    'connections alone, where there is no HTTP',
    'requests',
    (world) => {
      const [service] = world.cluster.services;
      if (service)
        world.cluster = withService(world.cluster, { checks: [{ ...service.checks[0], kind: { type: 'tcp' } }] });
      world.requests('probe1', {}, ...Array.from({ length: 30 }, () => failure(0, '')));
      world.requests(
        'operator',
        {},
        ...Array.from({ length: 3 }, () => failure(1, 'bash: connect: Connection refused')),
      );
    },
    'failed operator: 0 of 30; bash: connect: Connection refused',
  ],
  [
    'a real server with weight 0, which is not expected',
    'requests',
    (world) => {
      const [service] = world.cluster.services;
      const realServers = service?.realServers.map((one) => (one.host === 'web2' ? { ...one, weight: 0 } : one));
      if (realServers) world.cluster = withService(world.cluster, { realServers });
      world.requests('probe1', { web1: 10, web3: 20 });
      world.requests('operator', { web1: 9, web2: 1, web3: 20 });
    },
    'failed operator: 30 of 30; 9 by web1; 1 by web2; 20 by web3',
  ],
  [
    'a real server whose counter stands still',
    'counters',
    (world) => {
      world.answer('after', 'lb1', 'counters', stats(60, { '10.77.0.14': 0 }));
    },
    'failed lb1: web1 +15, web2 +0, web3 +30',
  ],
  [
    'connections that are not dealt out by the weights',
    'counters',
    (world) => {
      world.answer('after', 'lb1', 'counters', stats(120, { '10.77.0.13': 90, '10.77.0.14': 15, '10.77.0.15': 15 }));
    },
    'failed lb1: web1 +90, web2 +15, web3 +15; by the weights about 30 to web1 and 60 to web3',
  ],
  [
    'counters of which some are not added up yet',
    'counters',
    (world) => {
      world.answer('after', 'lb1', 'counters', stats(120, { '10.77.0.13': 90, '10.77.0.14': 1, '10.77.0.15': 1 }));
    },
  ],
  [
    'answers that did not go through the table',
    'counters',
    (world) => {
      world.cluster = withService(world.cluster, { persistence: persistent });
      world.answer('after', 'lb1', 'counters', stats(0));
    },
    'failed lb1: web1 +0, web2 +0, web3 +0',
  ],
  [
    'one client and persistence',
    'counters',
    (world) => {
      world.cluster = withService(world.cluster, { persistence: persistent });
      world.answer('after', 'lb1', 'counters', stats(60, { '10.77.0.13': 60, '10.77.0.14': 0, '10.77.0.15': 0 }));
    },
  ],
  [
    'counters that began anew',
    'counters',
    (world) => {
      world.answer('before', 'lb1', 'counters', stats(1000));
    },
    'unknown lb1: the table was made anew in the meantime',
  ],
  [
    'counters that could not be read',
    'counters',
    (world) => {
      world.silence('after', 'lb1');
    },
    'unknown lb1: the counters could not be read',
  ],
  [
    'no requests, nothing to count',
    'counters',
    (world) => {
      world.silence('during', 'probe1');
      world.silence('during', 'operator');
      world.answer('after', 'lb1', 'counters', stats(0));
    },
  ],
  [
    'a folder that is not mounted, from elsewhere, or hanging',
    'nfs-mounted',
    (world) => {
      world.state('web1', 'mount /var/www/shared', { mounted: undefined, fstab: undefined });
      world.state('web2', 'mount /var/www/shared', { mounted: { source: '10.9.9.9:/x', type: 'nfs4' }, fstab: '' });
      world.answer('before', 'web3', 'nfs-mounted', `\n${nonce} mount 0 124 \n`);
    },
    'failed web1: nothing is mounted there',
    'failed web2: 10.9.9.9:/x (nfs4)',
    'failed web3: 10.77.0.16:/srv/www (nfs4), which does not answer within 10 seconds',
  ],
  [
    'a stale handle',
    'nfs-mounted',
    (world) => {
      world.answer('before', 'web3', 'nfs-mounted', `\n${nonce} mount 0 1 stat: cannot read: Stale file handle\n`);
    },
    'failed web3: 10.77.0.16:/srv/www (nfs4), which does not answer: stat: cannot read: Stale file handle',
  ],
  [
    'what is written and does not arrive',
    'nfs-writable',
    (world) => {
      world.answer(
        'before',
        'web1',
        'nfs-writable',
        `\n${nonce} wrote 0 2 sh: 1: cannot create: Read-only file system\n`,
      );
      world.answer('before', 'web2', 'nfs-writable', '');
      world.answer(
        'during',
        'nas1',
        'nfs-writable',
        `\n${nonce} read 0 missing\n\n${nonce} read 1 missing\n\n${nonce} read 2 missing\n`,
      );
    },
    'failed web1: writing failed: sh: 1: cannot create: Read-only file system',
    'failed web2: nothing is mounted there by NFS',
    'failed web3: written and read back, but on nas1: missing',
  ],
  [
    'a server that hangs',
    'nfs-writable',
    (world) => {
      world.answer('before', 'web1', 'nfs-writable', `\n${nonce} wrote 0 124 \n`);
    },
    'failed web1: no answer within 10 seconds',
  ],
  [
    'a server that was not asked',
    'nfs-writable',
    (world) => {
      world.unreach('nas1');
    },
    ...['web1', 'web2', 'web3'].map((name) => `unknown ${name}: written and read back; nas1 could not be asked`),
  ],
  [
    'an export that root may not write to',
    'nfs-writable',
    (world) => {
      world.cluster = {
        ...world.cluster,
        exports: world.cluster.exports.map((one) => ({
          ...one,
          offers: one.offers.map((offer) => ({ ...offer, options: ['rw', 'root_squash'] })),
        })),
      };
      world.silence('during', 'nas1');
    },
  ],
];

function checkNamed(name: string): Check {
  const check = checks.find((one) => one.name === name);
  if (!check) throw new Error(`no check is called ${name}`);
  return check;
}

/** Checks of what the example does not have; each is tried in a file of its own. */
const ofOtherClusters = new Set([
  // test/verify/health-checks.test.ts
  'vrrp-log',
  'foreign-services',
  'certificates',
  'clocks-agree',
  'app-ready',
  'haproxy-backends',
  'haproxy-requests',
  'nfs-listed',
  'nfs-readable',
  'ipvs-settings',
  'sync-group',
  'real-server-route',
  'tunnel-reverse-path',
]);

/** Checks of what the example has as well, whose cases are in files of their own. */
const elsewhere = [
  // test/verify/health-checks.test.ts
  'peers-alike',
  'boot-order',
  'receive-merging',
  // test/verify/adverts.test.ts
  'vrrp-adverts',
  // test/verify/forwarding-checks.test.ts
  'large-requests',
];

describe('every check', () => {
  it('finds nothing wrong, and something right, where all is well', () => {
    const world = new World(cluster);
    for (const check of checks) {
      const findings = check.judge(world.evidence());
      expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
      expect(findings.length > 0, check.name).toBe(!ofOtherClusters.has(check.name));
      for (const finding of findings) expect(finding.check).toBe(check.name);
    }
  });

  it('says nothing of hosts that were not asked', () => {
    const world = new World(cluster);
    for (const { name } of cluster.hosts) world.unreach(name);
    world.silence('during', 'operator');
    for (const check of checks) expect(check.judge(world.evidence()), check.name).toEqual([]);
  });

  it('has a name that can stand in a frame, and a reason', () => {
    for (const { name, why } of checks) {
      expect(name).toMatch(/^[a-z-]+$/);
      expect(why).toMatch(/\.$/);
    }
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  });

  it('has a case of its own here', () => {
    const tried = new Set([...cases.map(([, check]) => check), ...ofOtherClusters, ...elsewhere]);
    expect(checks.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});

describe('judging', () => {
  for (const [name, check, breakIt, ...found] of cases) {
    it(`${check}: ${name}`, () => {
      const world = new World(cluster);
      breakIt(world);
      const troubles = world
        .troubles(checkNamed(check))
        .map(({ status, where, seen }) => `${status} ${where}: ${seen}`);
      expect(troubles).toHaveLength(found.length);
      troubles.forEach((trouble, index) => {
        const begin = found[index] ?? '';
        expect(trouble.startsWith(begin), `${trouble}\nshould begin with\n${begin}`).toBe(true);
      });
    });
  }
});

describe('sections', () => {
  it('never ask a director or a real server for its own VIP', () => {
    const everywhere: Cluster = {
      ...cluster,
      verify: { from: [...cluster.hosts.map(({ name }) => name), 'operator'], requests: 30 },
    };
    const context = new World(everywhere).evidence();
    const asks = (name: string): string[] =>
      everywhere.verify.from.filter((where) => checkNamed(name).section('during', where, context) !== undefined);
    expect(asks('requests')).toEqual(['nas1', 'probe1', 'operator']);
    expect(asks('arp-single')).toEqual(['nas1', 'probe1']);
  });

  it('are there only in their rounds and places', () => {
    const context = new World(cluster).evidence();
    const places = [...cluster.hosts.map(({ name }) => name), 'operator'];
    const rounds = (where: string): string[] =>
      (['before', 'during', 'after'] as const).flatMap((round) =>
        checks.filter((check) => check.section(round, where, context)).map(({ name }) => `${round} ${name}`),
      );
    expect(places.map((where) => [where, rounds(where)])).toMatchSnapshot();
  });
});

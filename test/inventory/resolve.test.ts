import { describe, expect, test } from 'vitest';
import { base, cluster, marked, problems } from './reading.ts';

const www = 'services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web*] }\n';
const dual = `cluster: shop
hosts:
  lb[1:2]: { address: 10.77.0.[11:12], address6: "fd77::[11:12]" }
  web1: { address: 10.77.0.13, address6: fd77::13 }
directors: [lb1, lb2]
services:
  four: { vip: 10.77.0.100, port: 80, realServers: [web1] }
  six: { vip: fd77:0::100, port: 80, realServers: [web1] }
`;

describe('hosts', () => {
  test('addresses of all NICs go in step with the name, the service interface first', () => {
    const { hosts } = cluster(`cluster: a
interface: ens3
hosts:
  lb[1:2]: { address: 10.0.0.[1:2]/16, address6: "fd00::[1:2]", interfaces: { eth1: [10.1.0.[8:9], "fd01::[8:9]/48"] }, ssh: { host: "lb[01:02].example.com" } }
`);
    expect(hosts[1]?.addresses).toEqual([
      { interface: 'ens3', address: '10.0.0.2', family: 4, prefix: 16 },
      { interface: 'ens3', address: 'fd00::2', family: 6, prefix: 64 },
      { interface: 'eth1', address: '10.1.0.9', family: 4, prefix: 24 },
      { interface: 'eth1', address: 'fd01::9', family: 6, prefix: 48 },
    ]);
    expect(hosts.map(({ ssh }) => ssh.host)).toEqual(['lb01.example.com', 'lb02.example.com']);
  });

  test('the host goes before its groups, a later group before an earlier one, and the top comes last', () => {
    const read = cluster(`cluster: a
ssh: { user: admin, port: 2222 }
vars: { from: top, only: top }
sysctl: { vm.swappiness: 10, net.core.somaxconn: 512 }
packages: { curl: present, tcpdump: present }
hosts:
  h1: { address: 10.0.0.1, vars: { from: host }, packages: { curl: absent } }
  h[2:3]: { address: 10.0.0.[2:3], ssh: { port: 22 } }
groups:
  one: { hosts: [h1, h2], vars: { from: one, one: 1 }, interface: eth1, ssh: { user: root } }
  two: { hosts: [one], vars: { from: two }, sysctl: { vm.swappiness: "20" }, become: sudo }
  none: {}
`);
    const [h1, h2, h3] = read.hosts;
    expect(h1).toMatchObject({
      groups: ['one', 'two'],
      interface: 'eth1',
      become: 'sudo',
      vars: { from: 'host', only: 'top', one: 1 },
      packages: [
        { name: 'curl', state: 'absent' },
        { name: 'tcpdump', state: 'present' },
      ],
      sysctl: { 'vm.swappiness': '20', 'net.core.somaxconn': '512' },
      ssh: { user: 'root', port: 2222, connectTimeout: 10 },
    });
    expect(h2).toMatchObject({ vars: { from: 'two', one: 1 }, ssh: { user: 'root', port: 22 } });
    expect(h3).toMatchObject({
      groups: [],
      interface: 'eth0',
      vars: { from: 'top' },
      ssh: { user: 'admin', port: 22 },
      become: 'sudo',
    });
    expect(read.groups).toEqual({ one: ['h1', 'h2'], two: ['h1', 'h2'], none: [] });
  });

  test('become is sudo for a login name that is not root, unless it is said', () => {
    const become = (top: string) => cluster(`cluster: a\nhosts: { a: { address: 10.0.0.1 } }\n${top}`).hosts[0]?.become;
    expect([
      become(''),
      become('ssh: { user: root }'),
      become('ssh: { user: me }'),
      become('ssh: { user: me }\nbecome: none'),
    ]).toEqual(['none', 'none', 'sudo', 'none']);
  });

  test('files are relative to the inventory, or to the home folder', () => {
    const key = (path: string) =>
      cluster(`cluster: a\nhosts: { a: { address: 10.0.0.1, ssh: { identityFile: ${path} } } }\n`, {
        env: { HOME: '/home/me' },
      }).hosts[0]?.ssh.identityFile;
    expect([key('keys/id'), key('../id'), key('~/.ssh/id'), key('/etc/id')]).toEqual([
      '/inv/keys/id',
      '/id',
      '/home/me/.ssh/id',
      '/etc/id',
    ]);
  });

  test('templates must be a folder', () => {
    expect(cluster(`${base}templates: mine\n`, { folders: ['/inv/mine'] }).templates).toBe('/inv/mine');
    expect(problems(`${base}templates: mine\n`)).toMatchObject([{ rule: 'templates', line: 7, column: 12 }]);
  });
});

describe('VRRP', () => {
  const instances = (text: string) =>
    cluster(text).vrrp.map(({ name, vrid, family, vips }) => [
      name,
      vrid,
      family,
      ...vips.map(({ address }) => address),
    ]);

  test('by default one instance holds every VIP, or one for each family', () => {
    expect(instances(`${base}${www}`)).toEqual([['VI_1', 51, 4, '10.77.0.100']]);
    expect(instances(dual)).toEqual([
      ['VI_1', 51, 4, '10.77.0.100'],
      ['VI_1_6', 52, 6, 'fd77::100'],
    ]);
    expect(instances(base)).toEqual([]);
  });

  test('an instance without VIPs takes those that no other names; numbers in use are left out', () => {
    expect(
      instances(
        `${base}${www}  two: { vip: 10.77.0.101, port: 80, realServers: [web1] }\nvrrp: { A: {}, B: { vips: [10.77.0.101], vrid: 51 } }\n`,
      ),
    ).toEqual([
      ['A', 52, 4, '10.77.0.100'],
      ['B', 51, 4, '10.77.0.101'],
    ]);
    expect(instances(`${dual}vrrp: { A: { vrid: 7 } }\n`)).toEqual([
      ['A', 7, 4, '10.77.0.100'],
      ['A_6', 51, 6, 'fd77::100'],
    ]);
  });

  test('priorities fall in the order of the directors and stay apart', () => {
    const text =
      'cluster: a\nhosts: { lb[1:20]: { address: 10.77.0.[1:20] } }\ndirectors: [lb*]\nvrrp: { A: { vips: [10.77.0.99] } }\n';
    const priorities = Object.values(cluster(text).vrrp[0]?.priorities ?? {});
    expect(priorities.slice(0, 5)).toEqual([150, 100, 90, 80, 70]);
    expect(new Set(priorities).size).toBe(20);
    expect(Math.min(...priorities)).toBe(1);
  });
});

describe('services and sites', () => {
  test('what is not said has the default of an expert', () => {
    const check = { kind: { type: 'tcp' }, interval: 2, timeout: 2, retries: 1, retryDelay: 1 };
    const quiet = { up: undefined, down: undefined, user: 'root' };
    const unset = { upperThreshold: undefined, lowerThreshold: undefined, checks: undefined, notify: quiet };
    expect(cluster(`${base}${www}`).services[0]).toEqual({
      name: 'www',
      vip: '10.77.0.100',
      family: 4,
      port: 80,
      mark: undefined,
      protocol: 'TCP',
      forwarding: { mode: 'DR', device: 'lo' },
      scheduler: 'wlc',
      schedulerFlags: [],
      persistence: undefined,
      onePacket: false,
      alpha: true,
      omega: false,
      quorum: 1,
      hysteresis: 0,
      inhibitOnFailure: false,
      sorryServer: undefined,
      quorumNotify: quiet,
      checks: [{ ...check, port: undefined, address: undefined }],
      realServers: [13, 14, 15].map((n) => ({
        ...{ host: `web${n - 12}`, address: `10.77.0.${n}`, port: 80, weight: 1 },
        ...unset,
      })),
    });
  });

  test('one server of a pattern can be told apart', () => {
    const read = cluster(
      `${base}services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web*, '!web2', { host: web2, weight: 5 }] }\n`,
    );
    expect(read.services[0]?.realServers.map(({ host, weight }) => [host, weight])).toEqual([
      ['web1', 1],
      ['web3', 1],
      ['web2', 5],
    ]);
  });

  test('a real server is reached by its address in the network of the VIP', () => {
    const read = cluster(`cluster: a
hosts:
  lb1: { address: 10.0.0.1 }
  w1: { address: 192.168.0.1, interfaces: { eth1: 10.0.0.2 } }
directors: [lb1]
services: { www: { vip: 10.0.0.9, port: 80, realServers: [w1] } }
`);
    expect(read.services[0]?.realServers[0]?.address).toBe('10.0.0.2');
  });

  test.each([
    ['port and health of the service', '', [81, '/up']],
    ['what is written', ', port: 8080, health: /ok', [8080, '/ok']],
    ['no health page', ', health: false', [81, undefined]],
    ['no health page on a port that is not checked', ', port: 8080', [8080, undefined]],
  ])('a site has %s', (_, keys, wanted) => {
    const text = `${base}services:\n  x: { vip: 10.77.0.100, port: 81, check: { http: /up?full=1 }, realServers: [web1] }\nnginx: { www: { hosts: [web*], root: /srv${keys} } }\n`;
    const [site] = cluster(text).sites;
    expect([site?.port, site?.healthPath]).toEqual(wanted);
  });

  test('a site of several services takes the port of the one of its name', () => {
    const services = (name: string) =>
      `${base}services:\n  a: { vip: 10.77.0.100, port: 443, realServers: [web1] }\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1] }\nnginx:\n  ${name}: { hosts: [web1], root: /srv }\n`;
    expect(cluster(services('www')).sites[0]?.port).toBe(80);
    expect(problems(services('other'))).toMatchObject([{ rule: 'site-port', line: 11, column: 3 }]);
    expect(cluster(`${base}nginx: { www: { hosts: [web1], root: /srv } }\n`).sites[0]?.port).toBe(80);
  });
});

describe('storage', () => {
  const options = (exported: string, mounted: string) => {
    const read = cluster(
      `${base}storage:\n  exports: { nas1:/srv: { clients: [web*]${exported} } }\n  mounts: { /mnt: { from: nas1:/srv, hosts: [web1]${mounted} } }\n`,
    );
    return [read.exports[0]?.offers[0]?.options.join(','), read.mounts[0]?.options.join(',')];
  };

  test.each([
    ['', '', 'ro,sync,no_subtree_check', 'hard,_netdev,nfsvers=4.2'],
    ['rw, no_root_squash', 'noatime', 'rw,no_root_squash,sync,no_subtree_check', 'hard,_netdev,nfsvers=4.2,noatime'],
    ['rw, async, subtree_check', 'soft, vers=3, _netdev', 'rw,async,subtree_check', 'soft,vers=3,_netdev'],
  ])('options %s and %s', (exported, mounted, wantedExport, wantedMount) => {
    const list = (text: string) => (text === '' ? '' : `, options: [${text}]`);
    expect(options(list(exported), list(mounted))).toEqual([wantedExport, wantedMount]);
  });

  test('clients are hosts, networks, everybody and netgroups, some with options of their own', () => {
    const clients = "[{ clients: [web1, web2], options: [rw] }, 10.77.0.9/24, '*', '@trusted']";
    const text = `${base}storage: { exports: { nas1:/srv: { clients: ${clients} } } }\n`;
    const shown = cluster(text).exports[0]?.offers.map(({ client, options }) => [
      Object.values(client).join(' '),
      options[0],
    ]);
    expect(shown).toEqual([
      ['network 10.77.0.9 4 24', 'ro'],
      ['anyone', 'ro'],
      ['netgroup trusted', 'ro'],
      ['host web1', 'rw'],
      ['host web2', 'rw'],
    ]);
  });

  test.each([
    ["[web1, { clients: ['web*'], options: [rw] }]", 'web1 is in these lists twice'],
    ['[10.77.0.0/33]', 'longer than /32'],
    ['[nobody]', 'nobody'],
  ])('clients %s are refused', (clients, message) => {
    const text = `${base}storage: { exports: { nas1:/srv: { clients: ${clients} } } }\n`;
    expect(problems(text)[0]?.message).toContain(message);
  });

  test.each([
    ['true', ['x-systemd.automount']],
    ['{ idle: 600 }', ['x-systemd.automount', 'x-systemd.idle-timeout=600']],
    ['false', []],
  ])('automount: %s', (automount, added) => {
    const text = `${base}storage:\n  exports: { nas1:/srv: { clients: [all] } }\n  mounts: { /mnt: { from: nas1:/srv, hosts: [web1], automount: ${automount} } }\n`;
    expect(cluster(text).mounts[0]?.options.slice(3)).toEqual(added);
  });

  test.each([
    ['[4]', ['4.0', '4.1', '4.2']],
    ['[4.2, 3]', ['3', '4.2']],
  ])('versions: %s', (versions, served) => {
    expect(cluster(`${base}storage: { server: { versions: ${versions} } }\n`).nfsServer.versions).toEqual(served);
  });
});

test('verify', () => {
  expect(cluster(base).verify).toEqual({ from: ['operator'], requests: 30 });
  expect(cluster(`${base}verify: { from: [operator, web*, '!web2'], requests: 5 }\n`).verify).toEqual({
    from: ['operator', 'web1', 'web3'],
    requests: 5,
  });
});

/** What does not resolve: the rule, the text with its place marked by «, and a part of the message. */
const broken: readonly (readonly [rule: string, text: string, message: string])[] = [
  [
    'reference',
    `${base}nginx: { www: { hosts: [web1, «wbe2], root: /srv } }\n`,
    'no host and no group is called "wbe2"',
  ],
  ['reference', `${base}nginx: { www: { hosts: [«db*], root: /srv } }\n`, 'matches "db*"'],
  ['reference', `${base}nginx:\n  www: { root: /srv, «hosts: [web1, "!web1"] }\n`, 'select no host'],
  ['reference', `${base}groups: { g: { hosts: [«web9] } }\n`, 'called "web9"'],
  [
    'reference',
    `${base}services: { w: { vip: 10.77.0.9, port: 80, realServers: [{ host: «web9 }] } }\n`,
    'called "web9"',
  ],
  [
    'reference',
    `${base}services: { w: { vip: 10.77.0.9, port: 80, realServers: [{ host: «"!web1" }] } }\n`,
    'only takes away',
  ],
  ['reference', `${base}storage:\n  exports:\n    «nas2:/srv: { clients: [web1] }\n`, 'called "nas2"'],
  ['reference', `${base}storage: { mounts: { /mnt: { from: «nas:/srv, hosts: [web1] } } }\n`, 'called "nas"'],
  ['reference', `${base}verify: { from: [«operater] }\n`, 'called "operater"'],
  ['range', 'cluster: a\nhosts:\n  «w[1:99999]: { address: 10.0.0.1 }\n', '99999 names'],
  [
    'range',
    'cluster: a\nhosts:\n  a[1:60000]: { address: 10.[0:240].[0:249].1 }\n  «b[1:6000]: { address: 10.0.0.1 }\n',
    'more than 65536 hosts',
  ],
  ['range', 'cluster: a\nhosts: { w[1:3]: { address: «10.0.0.[1:2] } }\n', '3 hosts here, but 2 addresses'],
  ['range', 'cluster: a\nhosts: { w[1:3]: { address: «10.0.0.1 } }\n', '3 hosts here, but 1 address'],
  ['range', 'cluster: a\nhosts: { w: { address: «10.0.0.[1:2] } }\n', '1 host here, but 2 addresses'],
  [
    'range',
    'cluster: a\nhosts: { w[1:2]: { address: 10.0.0.[1:2], ssh: { host: «w.example.com } } }\n',
    '2 hosts here, but 1 to connect to',
  ],
  [
    'address',
    'cluster: a\nhosts: { w[1:2]: { address: «10.0.0.[255:256] } }\n',
    '"10.0.0.256" is not an IPv4 or IPv6 address',
  ],
  ['address', 'cluster: a\nhosts: { w: { address: «10.0.0.1/33 } }\n', '/33 is longer than /32'],
  ['address', 'cluster: a\nhosts: { w: { address: «127.0.0.1 } }\n', 'a loopback address'],
  ['address', 'cluster: a\nhosts: { w: { address: 10.0.0.1, address6: «10.0.0.2 } }\n', 'address6 is for IPv6'],
  ['address', 'cluster: a\nhosts:\n  «w: { vars: {} }\n', 'w has no address'],
  [
    'address',
    `${base}services: { w: { vip: «10.77.0.999, port: 80, realServers: [web1] } }\n`,
    'not an IPv4 or IPv6 address',
  ],
  [
    'address-family',
    `${base}services: { w: { vip: fd00::1, port: 80, realServers: [«web1] } }\n`,
    'web1 has no IPv6 address',
  ],
  ['name', 'cluster: a\nhosts:\n  «all: { address: 10.0.0.1 }\n', '"all" has a meaning of its own'],
  ['name', 'cluster: a\nhosts:\n  «constructor: { address: 10.0.0.1 }\n', 'has a meaning of its own'],
  ['name', 'cluster: a\nhosts:\n  «a[1:2]-: { address: 10.0.0.[1:2] }\n', 'is not a host name'],
  ['name', 'cluster: a\nhosts:\n  «"12": { address: 10.0.0.1 }\n', 'not digits alone'],
  [
    'duplicate',
    'cluster: a\nhosts:\n  w2: { address: 10.0.0.9 }\n  «w[1:3]: { address: 10.0.0.[1:3] }\n',
    'host w2 is there twice',
  ],
  ['duplicate', `${base}groups:\n  «web1: { hosts: [web2] }\n`, 'the name of a host too'],
  ['duplicate', base.replace('[lb1, lb2]', '[lb1, lb2, «lb1]'), '"lb1" is in this list twice'],
  [
    'duplicate',
    `${base}services: { w: { vip: 10.77.0.9, port: 80, realServers: [web*, «web2] } }\n`,
    'web2 is a real server of this service twice',
  ],
  ['duplicate', `${base}vrrp: { A: { vips: [10.77.0.9, «10.77.0.9] } }\n`, 'is in this list twice'],
  [
    'group-circle',
    `${base}groups:\n  z: { hosts: [a] }\n  a:\n    «hosts: [b]\n  b: { hosts: [c] }\n  c: { hosts: [a, web1] }\n`,
    'in a circle: a → b → c → a',
  ],
  ['directors', `${base.replace('directors: [lb1, lb2]\n', '')}«${www}`, 'there are services but no directors'],
  [
    'udp-check',
    `${base}services:\n  «dns: { vip: 10.77.0.9, port: 53, protocol: UDP, realServers: [web1] }\n`,
    'UDP service without a check',
  ],
  [
    'check-kind',
    `${base}services: { w: { vip: 10.77.0.9, port: 80, realServers: [web1], check: { http: /, tcp: «true } } }\n`,
    'either http or tcp',
  ],
  [
    'check-kind',
    `${base}services: { w: { vip: 10.77.0.9, port: 80, realServers: [web1], check: { status: «200 } } }\n`,
    'status means nothing to a check by tcp',
  ],
  ['vrrp-vips', `${base}${www}vrrp:\n  A: {}\n  «B: {}\n`, 'no VIP is left for B'],
  ['vrrp-vips', `${base}vrrp:\n  A:\n    «vips: [10.77.0.9, fd00::1]\n`, 'mixes IPv4 and IPv6'],
  ['vrrp-vips', `${dual}vrrp:\n  «A: {}\n  A_6: { vips: [fd77::5] }\n`, 'the name A_6 is taken'],
  [
    'options',
    `${base}storage: { exports: { nas1:/srv: { clients: [web1], options: [rw, «ro] } } }\n`,
    'contradict each other',
  ],
  [
    'mount-path',
    `${base}storage:\n  exports: { nas1:/srv: { clients: [web1] } }\n  mounts:\n    «/: { from: nas1:/srv, hosts: [web1] }\n`,
    'nothing can be mounted on /',
  ],
];

test.each(broken.map(([rule, text, message]) => ({ rule, text, message })))(
  '$rule: $message',
  ({ rule, text: written, message }) => {
    const { text, line, column } = marked(written);
    expect(problems(text)).toContainEqual(
      expect.objectContaining({ rule, line, column, message: expect.stringContaining(message) as unknown }),
    );
  },
);

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importAll, type Imported } from '../../src/import/index.ts';
import { kindOf, type SourceKind } from '../../src/import/source.ts';
import { parseYaml } from '../../src/inventory/yaml/parse.ts';
import { treeOf } from '../../src/inventory/yaml/tree.ts';

const none = (): string => 'there is no such file';

function from(text: string, kind?: SourceKind, director?: string): Imported {
  return importAll([{ file: 'x', text, director, kind }], { include: none });
}

/** The inventory as plain data. */
function data({ text }: Imported): Record<string, unknown> {
  return treeOf(parseYaml(text, 'x')).value as Record<string, unknown>;
}

describe('keepalived.conf', () => {
  test('what keepalived has by default is written out where lvsctl has something else', () => {
    const found = from(
      'virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 8080 {\n TCP_CHECK {\n }\n }\n}',
      'keepalived',
      'lb1',
    );
    expect(data(found)['services']).toEqual({
      tcp80: {
        vip: '10.0.0.1',
        port: 80,
        mode: 'NAT',
        alpha: false,
        check: { interval: 60, timeout: 5 },
        realServers: [{ host: 'rs1', port: 8080 }],
      },
    });
  });

  test('several directors become one inventory, the one of the highest priority first', () => {
    const instance = (priority: number, nic: string): string =>
      `vrrp_instance VI_1 {\n state MASTER\n interface ${nic}\n virtual_router_id 7\n priority ${priority}\n advert_int 1\n virtual_ipaddress {\n 10.0.0.1/24 dev ${nic} label ${nic}:1\n }\n}`;
    const found = importAll(
      [
        { file: 'b', text: instance(90, 'ens3'), director: 'lb2', kind: undefined },
        { file: 'a', text: instance(200, 'ens3'), director: 'lb1', kind: undefined },
      ],
      { include: none, addresses: [['lb1', '10.0.0.11']] },
    );
    expect(data(found)).toMatchObject({
      hosts: { lb1: { address: '10.0.0.11', interface: 'ens3' }, lb2: { interface: 'ens3' } },
      directors: ['lb1', 'lb2'],
      vrrp: {
        VI_1: {
          vrid: 7,
          vips: [{ address: '10.0.0.1', prefix: 24, label: 'ens3:1' }],
          priorities: { lb1: 200, lb2: 90 },
        },
      },
    });
  });

  test.each<[what: string, text: string, found: string]>([
    ['a block it does not know', 'static_ipaddress {\n 10.0.0.1\n}', 'static_ipaddress { … }'],
    ['a keyword of a service', 'virtual_server 10.0.0.1 80 {\n ha_suspend\n}', 'ha_suspend'],
    ['a value out of range', 'virtual_server 10.0.0.1 80 {\n delay_loop 0.5\n}', 'delay_loop 0.5'],
    ['a password by another name', 'vrrp_instance V {\n authentication {\n auth_type AH\n }\n}', 'auth_type AH'],
    ['what must never be', 'global_defs {\n vrrp_strict\n}', 'vrrp_strict'],
  ])('%s is listed with its place', (_what, text, found) => {
    const { left, text: written } = from(text, 'keepalived', 'lb1');
    expect(left.map((one) => one.found)).toContain(found);
    expect(left.every(({ place }) => /^x:\d+$/.test(place))).toBe(true);
    expect(written).toContain(`: ${found}\n`);
  });

  test('lines without a key of their own go into extra as they are', () => {
    const found = from(
      'global_defs {\n smtp_server 10.0.0.9\n}\nvrrp_instance V {\n dont_track_primary\n}',
      'keepalived',
      'lb1',
    );
    expect(data(found)).toMatchObject({
      keepalived: { extra: ['smtp_server 10.0.0.9'] },
      vrrp: { V: { extra: ['dont_track_primary'] } },
    });
    expect(found.left).toEqual([]);
  });

  test('a group of virtual servers becomes a service for each of its ends', () => {
    const found = from(
      'virtual_server group web {\n lb_kind DR\n ha_suspend\n real_server 10.0.1.2 80 {\n TCP_CHECK {\n }\n }\n}\n' +
        'virtual_server_group web {\n 10.0.0.1 80\n 10.0.0.254-10.0.1.0 80\n fd00::a-b 443\n 10.0.0.0/29 80\n}\n' +
        'virtual_server group gone {\n}\nvirtual_server_group mail {\n fwmark 5\n 10.0.0.9-8 25\n}',
      'keepalived',
      'lb1',
    );
    const services = data(found)['services'] as Record<string, Record<string, unknown>>;
    expect(Object.entries(services).map(([name, one]) => [name, one['vip'], one['port']])).toEqual([
      ['web', '10.0.0.1', 80],
      ['web-2', '10.0.0.254', 80],
      ['web-3', '10.0.0.255', 80],
      ['web-4', '10.0.1.0', 80],
      ['web-5', 'fd00::a', 443],
      ['web-6', 'fd00::b', 443],
    ]);
    expect(services['web-2']?.['realServers']).toEqual(['rs1']);
    expect(services['web-6']?.['realServers']).toEqual([{ host: 'rs1', port: 80 }]);
    expect(found.left.map((one) => `${one.place} ${one.found}`)).toEqual([
      'x:13 10.0.0.0/29 80',
      'x:18 fwmark 5',
      'x:19 10.0.0.9-8 25',
      'x:3 ha_suspend',
      'x:15 virtual_server group gone { … }',
    ]);
  });

  test('BFD sessions, several checks and what is run come along', () => {
    const found = from(
      [
        'bfd_instance peer {\n neighbor_ip 10.0.0.9\n source_ip 10.0.0.1\n ttl 64\n}',
        'bfd_instance rs {\n neighbor_ip 10.0.1.2\n min_rx 300\n min_tx 300\n multiplier 3\n}',
        'vrrp_instance V {\n track_bfd {\n peer weight -20\n gone\n }\n virtual_rules {\n from 10.0.0.7 table 5\n to 10.9.0.0/16 iif eth1 fwmark 3 preference 90 lookup 7\n from 10.0.0.7 table small\n }\n}',
        'virtual_server 10.0.0.7 80 {\n quorum_up "/bin/q up" root\n quorum_down "/bin/q down" root',
        ' real_server 10.0.1.2 80 {\n notify_up "/bin/n a" root\n TCP_CHECK {\n }\n BFD_CHECK {\n name rs\n }\n }',
        ' real_server 10.0.1.3 80 {\n notify_up "/bin/n b" root\n TCP_CHECK {\n }\n BFD_CHECK {\n name rs\n }\n }\n}',
      ].join('\n'),
      'keepalived',
      'lb1',
    );
    const { vrrp, services, hosts } = data(found);
    expect(hosts).toMatchObject({ lb1: { address: '10.0.0.1' } });
    expect(vrrp).toMatchObject({
      V: {
        track: [{ bfd: { neighbor: '10.0.0.9', minRx: 10, minTx: 10, multiplier: 5 }, weight: -20 }],
        rules: [
          { from: '10.0.0.7', table: 5 },
          { to: '10.9.0.0/16', interface: 'eth1', mark: 3, priority: 90, table: 7 },
        ],
      },
    });
    expect(services).toMatchObject({
      tcp80: {
        notify: { quorumUp: ['/bin/q', 'up'], quorumDown: ['/bin/q', 'down'] },
        check: [{ interval: 60, timeout: 5 }, { bfd: true }],
        realServers: [
          { host: 'rs1', notify: { up: ['/bin/n', 'a'] } },
          { host: 'rs2', notify: { up: ['/bin/n', 'b'] } },
        ],
      },
    });
    expect(found.left.map((one) => one.found)).toEqual([
      'ttl 64',
      'gone',
      'from 10.0.0.7 table small',
      'BFD_CHECK { … }',
    ]);
  });

  test('what is run for every real server alike is said once', () => {
    const server = (last: number) =>
      `real_server 10.0.1.${last} 80 {\n notify_down "/bin/n" lb\n TCP_CHECK {\n }\n }\n`;
    const found = from(`virtual_server 10.0.0.7 80 {\n ${server(2)} ${server(3)}}`, 'keepalived', 'lb1');
    expect(data(found)['services']).toMatchObject({
      tcp80: { notify: { down: '/bin/n', user: 'lb' }, realServers: ['rs1', 'rs2'] },
    });
  });

  test('an IPv6 VIP of real servers with IPv4 addresses is tunnelled over IPv4', () => {
    const text = 'virtual_server fd00::1 80 {\n lb_kind TUN\n real_server 10.0.0.2 80 {\n TCP_CHECK {\n }\n }\n}';
    expect(data(from(text, 'keepalived', 'lb1'))['services']).toMatchObject({ tcp80: { mode: 'TUN', outer: 4 } });
    const table = '-A -t [fd00::1]:80 -s rr\n-a -t [fd00::1]:80 -r 10.0.0.2:80 -i -w 1';
    expect(data(from(table))['services']).toMatchObject({ tcp80: { mode: 'TUN', outer: 4 } });
  });

  test('repeated lines are read, and a password in them is in no list', () => {
    const text =
      'vrrp_instance V {\n virtual_ipaddress {\n ~SEQ(N, 3) 10.0.0.${N}\n ~LST(N, 7, 9) 10.0.1.${N}\n }\n authentication {\n ~LST(P, hush) auth_pass ${P} more\n ~SEQ(P, hush) auth_pass x\n }\n}';
    const { left, text: written } = from(text, 'keepalived', 'lb1');
    expect(written).toContain('vips: [ 10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.1.7, 10.0.1.9 ]');
    expect(left.map(({ place }) => place)).toEqual(['x:8']);
    expect(JSON.stringify(left)).not.toContain('hush');
  });

  test('a password is in the inventory and in no list', () => {
    const { text, left } = from(
      'vrrp_instance V {\n authentication {\n auth_type PASS\n auth_pass hush\n }\n}\nauth_pass hush2',
      'keepalived',
      'lb1',
    );
    expect(text).toContain('authPass: hush');
    expect(JSON.stringify(left)).not.toContain('hush');
  });
});

describe('ipvsadm -Sn', () => {
  test('services, real servers and their forwarding', () => {
    const found = from(
      [
        '-A -t 10.0.0.1:80 -s wrr -p 300 -M 255.255.255.0',
        '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1',
        '-a -t 10.0.0.1:80 -r 10.0.0.3:80 -g -w 3 -x 100 -y 50',
        '-A -u [fd00::1]:53 -s rr -o',
        '-a -u [fd00::1]:53 -r [fd00::2]:5353 -m -w 1',
        '-A -f 5 -s mh -b mh-port,mh-fallback',
        '-a -f 5 -r 10.0.0.2:0 -i -w 1 --tun-type gue --tun-port 6080',
      ].join('\n'),
    );
    expect(data(found)).toMatchObject({
      directors: ['lb1'],
      services: {
        tcp80: {
          scheduler: 'wrr',
          persistence: { timeout: 300, granularity: 24 },
          realServers: ['rs1', { host: 'rs2', weight: 3, upperThreshold: 100, lowerThreshold: 50 }],
        },
        udp53: {
          vip: 'fd00::1',
          protocol: 'UDP',
          onePacket: true,
          mode: 'NAT',
          realServers: [{ host: 'rs3', port: 5353 }],
        },
        mark5: {
          mark: 5,
          schedulerFlags: ['mh-port', 'mh-fallback'],
          mode: 'TUN',
          tunnel: { gue: 6080 },
          realServers: ['rs1'],
        },
      },
    });
  });

  test('what is no line of a table, or belongs to no service, is listed', () => {
    const { left } = from('-A -t 10.0.0.1:80\n-a -t 10.0.0.9:80 -r 10.0.0.2:80\nhello', 'ipvsadm');
    expect(left.map(({ place }) => place)).toEqual(['x:1', 'x:2', 'x:3']);
  });
});

const ini = `
# hosts
lone ansible_host=10.0.0.9
[web]
web[01:03].example.com ansible_user=ops note="a b"   # three
10.0.0.5:2222
[web:vars]
ansible_become=true
ansible_become_password=hush
[lb]
lb1 ansible_host=10.0.0.2 ansible_ssh_common_args='-o ProxyJump=jump'
[prod:children]
web
lb
[all:vars]
ansible_user=root
`;

const yaml = `
all:
  vars: { ansible_user: root }
  hosts:
    lone: { ansible_host: 10.0.0.9 }
  children:
    web:
      hosts:
        web[01:03].example.com: { ansible_user: ops, note: a b }
        10.0.0.5: { ansible_port: 2222 }
      vars: { ansible_become: true, ansible_become_password: hush }
    lb:
      hosts:
        lb1: { ansible_host: 10.0.0.2, ansible_ssh_common_args: -o ProxyJump=jump }
    prod: { children: { web: , lb: } }
`;

describe.each<[SourceKind, string]>([
  ['ansible-ini', ini],
  ['ansible-yaml', yaml],
])('an inventory of Ansible, %s', (kind, text) => {
  test('is known by its text', () => {
    expect(kindOf(text)).toBe(kind);
  });

  test('gives hosts, groups, logins and variables', () => {
    const found = from(text);
    expect(data(found)).toEqual({
      cluster: 'imported',
      ssh: { user: 'root' },
      hosts: {
        lone: { address: '10.0.0.9' },
        'web[01:03].example.com': { ssh: { user: 'ops' }, vars: { note: 'a b' } },
        '10.0.0.5': { address: '10.0.0.5', ssh: { port: 2222 } },
        lb1: { address: '10.0.0.2', ssh: { proxyJump: 'jump' } },
      },
      groups: {
        web: { hosts: ['web[01:03].example.com', '10.0.0.5'], become: 'sudo' },
        lb: { hosts: ['lb1'] },
        prod: { hosts: ['web', 'lb'] },
      },
    });
    expect(found.left.map((one) => one.found)).toEqual(['ansible_become_password']);
    expect(found.text).not.toContain('hush');
  });

  test('names the real servers of a keepalived.conf', () => {
    const found = importAll(
      [
        {
          file: 'k',
          text: 'virtual_server 10.0.0.1 80 {\n real_server 10.0.0.9 80 {\n }\n}',
          director: 'lb1',
          kind: undefined,
        },
        { file: 'hosts', text, director: undefined, kind: undefined },
      ],
      { include: none },
    );
    expect(data(found)['services']).toMatchObject({ tcp80: { realServers: ['lone'] } });
  });
});

describe('whatever is imported', () => {
  const piece = fc.constantFrom(
    ...[
      'vrrp_instance V {\n',
      'virtual_server 1.2.3.4 80 {\n',
      'real_server 1.2.3.5 80 {\n',
      'HTTP_GET {\n',
      'url {\n',
      '}\n',
    ],
    ...[
      'virtual_ipaddress {\n',
      '1.2.3.4 dev\n',
      'track_script {\n',
      'weight 1\n',
      '__proto__ x\n',
      'constructor\n',
      'notify ""\n',
    ],
    ...[
      '-A -t 1.2.3.4:80 -p\n',
      '-a -t 1.2.3.4:80 -r\n',
      '[all:vars]\n',
      '[__proto__]\n',
      'a[1:3] b="\n',
      'hosts:\n',
      '  &a [*a]\n',
      '"',
      '\u2028',
      '\n',
    ],
  );
  test.each<SourceKind>(['keepalived', 'ipvsadm', 'ansible-ini', 'ansible-yaml'])(
    'as %s, it becomes YAML, and what is listed stays a comment',
    (kind) => {
      fc.assert(
        fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 25 }), (pieces) => {
          const { text, left } = from(pieces.join(''), kind);
          const { problems, document } = parseYaml(text, 'x');
          expect(problems.map(({ message }) => message)).toEqual([]);
          expect(Object.keys(document?.toJS() as object)).toContain('cluster');
          for (const { place } of left) expect(place).toMatch(/^x/);
        }),
        { numRuns: 150 },
      );
    },
  );
});

import { describe, expect, test } from 'vitest';
import { base, cluster, marked, problems } from './reading.ts';

const service = (keys: string) => `${base}services:\n  www: { vip: 10.77.0.100, ${keys}, realServers: [web1, web2] }\n`;
const checkOf = (keys: string, files: Record<string, string> = {}) =>
  cluster(service(`port: 80, check: { ${keys} }`), { files }).services[0]?.checks[0];

describe('health checks', () => {
  const web = { status: [{ first: 200, last: 200 }], digest: undefined, regex: undefined, regexInverted: false };
  test.each([
    ['tcp: true', { type: 'tcp' }],
    ['http: /', { type: 'http', path: '/', ...web, virtualHost: undefined, sni: false }],
    [
      "https: /x, status: [200-299, 301], virtualHost: a.example.org, regexNot: 'err.r$'",
      {
        ...{ type: 'https', path: '/x', digest: undefined, regex: 'err.r$', regexInverted: true },
        ...{ virtualHost: 'a.example.org', sni: true },
        status: [
          { first: 200, last: 299 },
          { first: 301, last: 301 },
        ],
      },
    ],
    ['smtp: true', { type: 'smtp', helo: undefined }],
    ['smtp: lb.example.org', { type: 'smtp', helo: 'lb.example.org' }],
    ['dns: .', { type: 'dns', name: '.', recordType: 'SOA' }],
    ['dns: ns.b, type: AAAA', { type: 'dns', name: 'ns.b', recordType: 'AAAA' }],
    ['udp: true, port: 53', { type: 'udp', payload: undefined, reply: undefined }],
    ["udp: { payload: '0a 1f', reply: true }, port: 53", { type: 'udp', payload: '0A1F', reply: '' }],
    ['udp: { reply: 6c XX }, port: 53', { type: 'udp', payload: undefined, reply: '6CXX' }],
    ['ping: true', { type: 'ping' }],
    ['file: /etc/lb/%h', { type: 'file', path: '/etc/lb/%h', weight: undefined }],
    ['file: { path: /etc/lb/x, weight: -1 }', { type: 'file', path: '/etc/lb/x', weight: -1 }],
  ])('%s', (keys, kind) => {
    expect(checkOf(keys)?.kind).toEqual(kind);
  });

  test('a script is read, and has its place on the directors', () => {
    const files = { '/inv/checks/x.sh': '#!/bin/sh\n' };
    const script = { path: '/etc/keepalived/lvsctl/x.sh', content: '#!/bin/sh\n' };
    const defaults = { type: 'misc', script, args: [], scriptTimeout: 5, dynamic: false, user: undefined };
    expect(checkOf('misc: checks/x.sh', files)?.kind).toEqual(defaults);
    expect(
      checkOf('misc: { script: checks/x.sh, args: [-v, a], timeout: 9, dynamic: true, user: lb }', files)?.kind,
    ).toEqual({ ...defaults, args: ['-v', 'a'], scriptTimeout: 9, dynamic: true, user: 'lb' });
  });

  test.each([
    ['misc: «none.sh', 'script', 'cannot be read'],
    ['misc: «text', 'script', 'does not begin with #!'],
    ['http: /, regex: a, regexNot: «b', 'check-kind', 'either regex or regexNot'],
    [
      'http: /, digest: 0123456789abcdef0123456789abcdef, regex: «a',
      'check-kind',
      'a page of a known digest needs no regex',
    ],
    ['https: /, sni: «true', 'check-kind', 'sni needs a name'],
    ['http: /, sni: «true', 'check-kind', 'sni means nothing to a check by http'],
    ['http: /, status: [200, «299-200]', 'check-kind', 'ends before it begins'],
    ['file: /x, port: «80', 'check-kind', 'it does not connect'],
    ['http: /, regex: «a"b', 'schema', 'cannot contain'],
    ['dns: «-a', 'schema', 'not a DNS name'],
    ['dns: «a.example.org', 'check-kind', 'no name whose first label is one letter'],
    ['udp: { payload: «"0" }', 'schema', 'two hex digits'],
    ['file: «/../x', 'schema', 'not an absolute path'],
  ])('%s is refused', (keys, rule, message) => {
    const { text, line, column } = marked(service(`port: 80, check: { ${keys} }`));
    const found = problems(text, { files: { '/inv/text': 'hello' } });
    expect(found).toContainEqual(expect.objectContaining({ rule, line, column }) as unknown);
    expect(found.map((one) => `${one.message} ${one.hint ?? ''}`).join('\n')).toContain(message);
  });

  test.each(['UDP', 'SCTP'])('%s has none by default that could hold', (protocol) => {
    expect(problems(service(`port: 80, protocol: ${protocol}`))[0]).toMatchObject({ rule: 'udp-check' });
  });

  test('a real server may have one of its own', () => {
    const { services } = cluster(
      `${base}services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1, { host: web2, check: { ping: true } }] }\n`,
    );
    expect(services[0]?.realServers.map(({ checks }) => checks?.map(({ kind }) => kind))).toEqual([
      undefined,
      [{ type: 'ping' }],
    ]);
  });
});

describe('several checks', () => {
  test('all hold for a service, or for one of its real servers', () => {
    const keys = 'port: 80, check: [{ http: /, interval: 5 }, { tcp: true, port: 22 }]';
    const { services } = cluster(
      `${base}services:\n  www: { vip: 10.77.0.100, ${keys}, realServers: [web1, { host: web2, check: [{ ping: true }, { bfd: true }] }] }\n`,
    );
    expect(services[0]?.checks.map(({ kind, interval, port }) => [kind.type, interval, port])).toEqual([
      ['http', 5, undefined],
      ['tcp', 2, 22],
    ]);
    expect(services[0]?.realServers.map(({ checks }) => checks?.map(({ kind }) => kind.type))).toEqual([
      undefined,
      ['ping', 'bfd'],
    ]);
  });

  test.each([
    ['check: [{ http: / }, { tcp: true, status: «200 }]', 'check-kind', 'status means nothing to a check by tcp'],
    ['check: { bfd: true, interval: «3 }', 'check-kind', 'it has times of its own'],
    ['check: { bfd: true, port: «80 }', 'check-kind', 'it does not connect'],
    ['check: { bfd: { minTx: «0 } }', 'schema', 'a number from 1 to 60000'],
    ['check: { bfd: { «neighbor: 10.77.0.1 } }', 'unknown-key', 'unknown key "neighbor"'],
    ['check: «[]', 'schema', 'the list is empty'],
    ['check: [{ http: / }, { «htp: / }]', 'unknown-key', 'did you mean "http"?'],
  ])('%s is refused', (keys, rule, message) => {
    const { text, line } = marked(service(`port: 80, ${keys}`));
    const found = problems(text);
    expect(found).toMatchObject([{ rule, line }]);
    expect(`${found[0]?.message ?? ''} ${found[0]?.hint ?? ''}`).toContain(message);
  });
});

describe('what is run when servers come and go', () => {
  const files = { '/inv/s.sh': '#!/bin/sh\n' };
  const script = { path: '/etc/keepalived/lvsctl/s.sh', content: '#!/bin/sh\n' };

  test('is told of each real server by its name, address and port; one of its own replaces it', () => {
    const notify = "notify: { quorumUp: [s.sh, '%h'], up: [/bin/up, '%h=%a:%p', '%x'], user: lb }";
    const { services } = cluster(
      `${base}services:\n  www: { vip: 10.77.0.100, port: 80, ${notify}, realServers: [web1, { host: web2, notify: { down: s.sh } }] }\n`,
      { files },
    );
    const [www] = services;
    expect(www?.quorumNotify).toEqual({ up: { path: script.path, args: ['%h'], script }, down: undefined, user: 'lb' });
    expect(www?.realServers.map((one) => one.notify)).toEqual([
      { up: { path: '/bin/up', args: ['web1=10.77.0.13:80', '%x'], script: undefined }, down: undefined, user: 'lb' },
      { up: undefined, down: { path: script.path, args: [], script }, user: 'root' },
    ]);
  });

  test('is refused where it cannot be run', () => {
    expect(problems(service('port: 80, notify: { quorumDown: none.sh }'))).toMatchObject([{ rule: 'script' }]);
    expect(problems(service('port: 80, notify: { up: "/bin/a; b" }'))).toMatchObject([{ rule: 'schema' }]);
  });
});

test('a tunnel over IPv4 has an IPv6 VIP reach real servers that have none', () => {
  const hosts =
    "cluster: a\nhosts:\n  lb1: { address: 10.77.0.11, address6: 'fd77::11' }\n  web1: { address: 10.77.0.13 }\n  web2: { address: 10.77.0.14, address6: 'fd77::14' }\ndirectors: [lb1]\n";
  const tunnel = (outer: string) =>
    `${hosts}services:\n  t: { vip: 'fd77::100', port: 80, mode: TUN${outer}, realServers: [web*] }\n`;
  expect(cluster(tunnel(', outer: 4')).services[0]?.realServers.map(({ address }) => address)).toEqual([
    '10.77.0.13',
    '10.77.0.14',
  ]);
  expect(problems(tunnel(''))).toMatchObject([{ rule: 'address-family', line: 8 }]);
});

describe('ports', () => {
  const marks = (keys: string) => {
    const [first] = cluster(service(keys)).services;
    return [first?.port, first?.mark];
  };

  test.each([
    ['port: 80', 80, undefined],
    ['port: 80, mark: 7', 80, { number: 7, ports: [{ first: 80, last: 80 }] }],
    [
      'ports: [443, 80, 30000-30100]',
      80,
      {
        number: 1,
        ports: [
          { first: 80, last: 80 },
          { first: 443, last: 443 },
          { first: 30000, last: 30100 },
        ],
      },
    ],
  ])('%s', (keys, port, mark) => {
    expect(marks(keys)).toEqual([port, mark]);
  });

  test('marks are dealt out past those that are written', () => {
    const { services } = cluster(
      `${base}services:\n  a: { vip: 10.77.0.100, ports: [80], realServers: [web1] }\n  b: { vip: 10.77.0.101, ports: [80], mark: 1, realServers: [web1] }\n  c: { vip: 10.77.0.102, ports: [80], realServers: [web1] }\n`,
    );
    expect(services.map(({ mark }) => mark?.number)).toEqual([2, 1, 3]);
  });

  test.each([
    ['port: 80, ports: «[81]', 'either port or ports'],
    ['ports: [«81-80]', 'ends before it begins'],
    ['ports: [«65000-70000]', 'they end at 65535'],
    ['ports: [80-90, «85]', 'overlap'],
  ])('%s is refused', (keys, message) => {
    const { text } = marked(service(keys));
    expect(problems(text)).toMatchObject([{ rule: 'port', message: expect.stringContaining(message) as unknown }]);
  });
});

describe('sorry servers and persistence', () => {
  const of = (keys: string) => cluster(service(`port: 80, ${keys}`)).services[0];

  test.each([
    ['sorryServer: web3', { host: 'web3', address: '10.77.0.15', port: 80 }],
    ['sorryServer: { address: 10.77.0.50 }', { host: undefined, address: '10.77.0.50', port: 80 }],
  ])('%s', (keys, sorry) => {
    expect(of(keys)?.sorryServer).toEqual(sorry);
  });

  test.each([
    ['web*', 'a service has one sorry server'],
    ['{ host: web3, address: 10.77.0.50 }', 'either a host or an address'],
    ['{ address: "fd77::9" }', 'is not IPv4'],
  ])('sorryServer: %s is refused', (written, message) => {
    const found = problems(service(`port: 80, sorryServer: ${written}`)).map((one) => one.message);
    expect(found.join('\n')).toContain(message);
  });

  test.each([
    ['persistence: 60', { timeout: 60, granularity: 32, engine: undefined }],
    ['persistence: { granularity: 24 }', { timeout: 300, granularity: 24, engine: undefined }],
  ])('%s', (keys, persistence) => {
    expect(of(keys)?.persistence).toEqual(persistence);
  });
});

describe('ipvs', () => {
  const www = 'services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1] }\n';
  const daemon = (written: string, more = '') => cluster(`${base}${www}${more}ipvs: ${written}\n`).ipvs.syncDaemon;

  test('nothing is said about it unless it is wished', () => {
    expect(cluster(`${base}${www}`).ipvs).toEqual({
      syncDaemon: undefined,
      timeouts: { tcp: undefined, tcpFin: undefined, udp: undefined },
      marking: 'nftables',
      flush: false,
      flushOnStop: false,
    });
  });

  test('the sync daemon follows the only instance, and with several each director does both', () => {
    const one = daemon('{ syncDaemon: true }');
    expect(one).toEqual({
      ...{ interfaces: { lb1: 'eth0', lb2: 'eth0' }, id: 1, instance: 'VI_1' },
      ...{ port: 8848, group: '224.0.0.81', ttl: 1 },
    });
    const two = 'vrrp: { A: { vips: [10.77.0.100] }, B: { vips: [10.77.0.101] } }\n';
    expect(daemon('{ syncDaemon: { id: 9 } }', two)).toMatchObject({ id: 9, instance: undefined });
    expect(daemon('{ syncDaemon: { instance: B } }', two)).toMatchObject({ instance: 'B' });
  });

  test.each([
    ['{ syncDaemon: { instance: none } }', 'there is no VRRP instance none'],
    ['{ syncDaemon: { interface: eth9 } }', 'lb1 has no address on eth9'],
  ])('%s is refused', (written, message) => {
    const found = problems(`${base}${www}ipvs: ${written}\n`);
    expect(found[0]).toMatchObject({ rule: 'reference', message });
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SshSettings } from '../../src/inventory/cluster.ts';
import { loadConfig, parseConfig, type SshConfig } from '../../src/ssh/config.ts';
import { settingsOf } from '../../src/ssh/settings.ts';
import { resolveTarget, type LocalSide, type Target } from '../../src/ssh/target.ts';
import { makeHost, makeWorld, must, mustFail, type World } from './world.ts';

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => {
  world.remove();
});

const local: LocalSide = {
  home: '/home/ops',
  user: 'ops',
  agent: '/run/agent',
  identity: undefined,
  env: { TEAM: 'blue' },
};

function parse(text: string): SshConfig {
  const problems: string[] = [];
  return { nodes: parseConfig(text, 'config', problems, () => []), problems };
}

function resolve(text: string, ssh: Partial<SshSettings> = {}, side: Partial<LocalSide> = {}): Target {
  const host = makeHost('lb1', { user: undefined, ...ssh });
  return must(resolveTarget(host, parse(text), { ...local, ...side }));
}

describe('the word of the inventory goes before the configuration, and that before the defaults', () => {
  test('nothing is said', () => {
    expect(resolve('')).toMatchObject({
      name: 'lb1',
      address: '127.0.0.1',
      port: 22,
      user: 'ops',
      agent: '/run/agent',
      identitiesOnly: false,
      knownHostsNames: ['127.0.0.1', 'lb1'],
      jumps: [],
      identities: [
        { file: '/home/ops/.ssh/id_ed25519', source: 'default' },
        { file: '/home/ops/.ssh/id_ecdsa', source: 'default' },
        { file: '/home/ops/.ssh/id_rsa', source: 'default' },
      ],
    });
  });

  test('the configuration says it', () => {
    const target = resolve(
      [
        'Host lb1',
        '  HostName 10.9.9.9',
        '  User deploy',
        '  Port 2222',
        '  IdentityFile ~/.ssh/%n_%r',
        '  IdentityFile "/keys/with space"',
        '  IdentitiesOnly yes',
        '  IdentityAgent none',
      ].join('\n'),
    );
    expect(target).toMatchObject({
      address: '10.9.9.9',
      port: 2222,
      user: 'deploy',
      agent: undefined,
      identitiesOnly: true,
      knownHostsNames: ['[10.9.9.9]:2222', '[lb1]:2222'],
      identities: [
        { file: '/home/ops/.ssh/lb1_deploy', source: 'configured' },
        { file: '/keys/with space', source: 'configured' },
      ],
    });
  });

  test('the inventory says it', () => {
    const target = resolve('Host *\n User deploy\n Port 2222\n IdentityFile /a\n ProxyJump far', {
      user: 'root',
      port: 22,
      identityFile: '/b',
      proxyJump: 'none',
    });
    expect(target).toMatchObject({ port: 22, user: 'root', jumps: [] });
    expect(target.identities.map((identity) => identity.file)).toEqual(['/b', '/a']);
  });

  test('LVSCTL_IDENTITY is the one key everywhere', () => {
    const target = resolve('Host *\n IdentityFile /a\n ProxyJump far', {}, { identity: '/only' });
    const only = [{ file: '/only', source: 'required' }];
    expect(target).toMatchObject({
      identities: only,
      identitiesOnly: true,
      jumps: [{ name: 'far', identities: only }],
    });
  });
});

describe('the address', () => {
  test('a HostName for everybody does not outdo the inventory', () => {
    expect(resolve('Host *\n HostName %h.example.org').address).toBe('127.0.0.1');
    expect(resolve('HostName elsewhere').address).toBe('127.0.0.1');
    expect(resolve('Host lb?\n HostName %h.example.org').address).toBe('127.0.0.1.example.org');
    expect(resolve('Match originalhost lb1\n HostName 10.1.1.1').address).toBe('10.1.1.1');
  });

  test('ssh.host of the inventory goes before all, and may be an alias', () => {
    expect(resolve('Host lb1\n HostName 10.1.1.1', { host: '10.2.2.2' }).address).toBe('10.2.2.2');
    expect(resolve('Host door\n HostName 10.1.1.1\n Port 99', { host: 'door' })).toMatchObject({
      address: '10.1.1.1',
      port: 99,
    });
  });

  test('a pattern may be of the name or of the address, and the file’s order counts', () => {
    expect(resolve('Host 127.*\n User a\nHost lb1\n User b').user).toBe('a');
    expect(resolve('Host lb1\n User b\nHost 127.*\n User a').user).toBe('b');
    expect(resolve('Host * !127.*\n User a').user).toBe('ops');
    expect(resolve('Host * !lb1\n User a').user).toBe('ops');
  });

  test('HostKeyAlias is what the key is known under', () => {
    expect(resolve('Host lb1\n HostKeyAlias Shop-LB1\n Port 2222').knownHostsNames).toEqual(['shop-lb1']);
  });
});

describe('Match', () => {
  test.each([
    ['all', true],
    ['host 127.*', true],
    ['host lb*', true],
    ['!host lb*', false],
    ['host "web*,lb*"', true],
    ['originalhost lb1 user ops', true],
    ['originalhost lb1 user root', false],
    ['localuser ops', true],
    ['final all', true],
    ['canonical', false],
    ['exec "touch /tmp/lvsctl-must-not-run"', false],
    ['!exec "false"', false],
    ['tagged x', false],
    ['localnetwork 0.0.0.0/0', false],
  ])('%s: %s', (criteria, applies) => {
    expect(resolve(`Match ${criteria}\n Port 99`).port).toBe(applies ? 99 : 22);
  });
});

describe('ProxyJump', () => {
  test('hops with users, ports and IPv6, each looked up itself', () => {
    const target = resolve('Host inner\n HostName 10.3.3.3\n User mid\n IdentityFile /inner', {
      proxyJump: 'bob@gate:2222, ssh://[fd00::1]:23 ,inner',
      identityFile: '/mine',
    });
    expect(target.jumps).toMatchObject([
      { name: 'gate', address: 'gate', port: 2222, user: 'bob', identities: [{ file: '/mine' }] },
      { name: 'fd00::1', address: 'fd00::1', port: 23, user: 'ops', knownHostsNames: ['[fd00::1]:23'] },
      { name: 'inner', address: '10.3.3.3', port: 22, user: 'mid', identities: [{ file: '/inner' }] },
    ]);
  });

  test('a bastion may have a bastion', () => {
    const target = resolve('Host lb1\n ProxyJump inner\nHost inner\n ProxyJump outer');
    expect(target.jumps.map((jump) => jump.name)).toEqual(['outer', 'inner']);
  });

  test.each([
    ['Host lb1\n ProxyJump a\nHost a\n ProxyJump b\nHost b\n ProxyJump a', 'leads back to itself'],
    ['Host lb1\n ProxyJump a b c', 'not [user@]host[:port]'],
    ['Host lb1\n ProxyJump gate:99999', 'not a port'],
    ['Host lb1\n ProxyCommand nc %h %p', 'ProxyCommand'],
    ['Host lb1\n Port many', 'not a port'],
  ])('%j is refused', (text, detail) => {
    const error = mustFail(resolveTarget(makeHost('lb1'), parse(text), local));
    expect(error).toMatchObject({ reason: 'unreachable', host: 'lb1' });
    expect(error.detail).toContain(detail);
    expect(error.hint).not.toBe('');
  });

  test('nothing is reached through itself', () => {
    expect(resolve('Host *\n ProxyJump gate').jumps.map((jump) => jump.name)).toEqual(['gate']);
    expect(resolve('Host *\n ProxyJump a,b').jumps.map((jump) => jump.name)).toEqual(['a', 'b']);
    expect(resolve('', { proxyJump: 'lb1' }).jumps).toEqual([]);
    expect(resolve('', { proxyJump: '127.0.0.1' }).jumps).toEqual([]);
  });

  test('the first of ProxyJump and ProxyCommand wins, none is none', () => {
    expect(resolve('Host *\n ProxyJump none\n ProxyCommand nc %h %p').jumps).toEqual([]);
    expect(resolve('Host *\n ProxyCommand none').jumps).toEqual([]);
  });
});

describe('files', () => {
  test('Include, relative to ~/.ssh, with patterns, inside a Host, and in a circle', () => {
    mkdirSync(join(world.home, '.ssh/conf.d'), { recursive: true });
    world.write(
      '.ssh/config',
      'Include conf.d/*.conf\nHost lb1\n Include ~/.ssh/one\nHost *\n User last\n Include config\n',
    );
    world.write('.ssh/conf.d/10-a.conf', 'Host web1\n User a\n');
    world.write('.ssh/conf.d/20-b.conf', 'Host web*\n User b\n Port 99\n');
    world.write('.ssh/conf.d/.hidden.conf', 'Port 1\n');
    world.write('.ssh/one', 'Port 77\nHost web2\n Port 78\n');
    const config = loadConfig({}, world.home);
    const of = (name: string): object => settingsOf(config, { names: [name], user: undefined, localUser: 'x' });
    expect(of('web1')).toMatchObject({ user: 'a', port: '99' });
    expect(of('lb1')).toMatchObject({ user: 'last', port: '77' });
    expect(of('web2')).toMatchObject({ user: 'b', port: '99' });
    expect(config.problems).toEqual([expect.stringMatching(/config: is included by itself$/)]);
  });

  test('a named file that is not there is a problem, ~/.ssh/config is not', () => {
    expect(loadConfig({}, '/nowhere').problems).toEqual([]);
    expect(loadConfig({ LVSCTL_SSH_CONFIG: '/nowhere' }, world.home).problems).toEqual([
      '/nowhere: cannot be read (ENOENT)',
    ]);
  });

  test('a bad line is told with its place and costs only itself', () => {
    const config = parse('Host lb1\n User "unbalanced\n Port 99\nHost\n  =\nMatch host\n# fine\n');
    expect(config.problems.map((problem) => problem.split(': ')[0])).toEqual([
      'config:2',
      'config:4',
      'config:5',
      'config:6',
    ]);
    expect(settingsOf(config, { names: ['lb1'], user: undefined, localUser: 'x' })).toMatchObject({ port: '99' });
  });
});

describe('as OpenSSH does it', () => {
  test.each(['lb1', 'web1', 'web2', 'db1.example.org'])('%s', (name) => {
    const text = [
      'IdentityFile ~/.ssh/first',
      'Host web? !web2',
      '  User=deploy',
      '  Port   2201 ',
      'Host lb1 db1',
      '\tHostName 10.7.7.7 # the balancer',
      '\tUser "root"',
      'Match host 10.7.7.*',
      '  Port 2202',
      '  IdentityFile /keys/%n',
      'Match originalhost *.example.org',
      '  ProxyJump ops@gate:2222',
      'Host *',
      '  User nobody',
      '  IdentitiesOnly yes',
    ].join('\n');
    const file = world.write('openssh', text);
    const { stdout } = spawnSync('ssh', ['-G', '-F', file, name], { env: { HOME: world.home } });
    const said = new Map(
      stdout
        .toString()
        .split('\n')
        .map((line) => [line.split(' ')[0], line.replace(/^\S+ /, '')]),
    );
    const settings = settingsOf(parse(text), { names: [name], user: undefined, localUser: 'root' });
    expect({
      user: settings.user ?? 'root',
      port: settings.port ?? '22',
      hostname: settings.hostName ?? name,
      jump: settings.proxy?.value,
      identitiesOnly: settings.identitiesOnly ? 'yes' : 'no',
    }).toEqual({
      user: said.get('user'),
      port: said.get('port'),
      hostname: said.get('hostname'),
      jump: said.get('proxyjump'),
      identitiesOnly: said.get('identitiesonly'),
    });
  });
});

test('hostile input neither crashes nor hangs', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'Host',
      'Match',
      'Include',
      'HostName',
      'ProxyJump',
      'IdentityFile',
      'exec',
      'final',
      'all',
      '!',
      '*',
      '"',
    ),
    fc.constantFrom('=', ' ', '\t', '\n', '\r\n', '\\', '#', '%', '%h', '${X}', '__proto__', 'constructor', '~', ','),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 80 }), fc.constantFrom('', ' '), (parts, glue) => {
      const target = resolveTarget(makeHost('lb1'), parse(parts.join(glue)), local);
      if (target.ok) expect(target.value.port).toBeGreaterThan(0);
      else expect(target.error.reason).toBe('unreachable');
    }),
    { numRuns: 1000 },
  );
});

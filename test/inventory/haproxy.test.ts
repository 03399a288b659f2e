import { describe, expect, test } from 'vitest';
import { base, cluster, problems } from './reading.ts';

const listener = 'www: { vip: 10.77.0.100, port: 80, servers: [web*] }';
const one = (more = '', of = listener) => `${base}haproxy:\n  listeners:\n    ${of}\n${more}`;

describe('haproxy', () => {
  test('runs on the directors, which move its VIPs and watch its process', () => {
    const { haproxy, vrrp } = cluster(one());
    expect(haproxy?.hosts).toEqual(['lb1', 'lb2']);
    expect(haproxy?.stats).toEqual({ port: 8404, path: '/stats', auth: undefined });
    expect(vrrp).toMatchObject([
      {
        name: 'VI_1',
        vips: [{ address: '10.77.0.100' }],
        trackers: [
          { type: 'process', process: 'haproxy', weight: 0 },
          { type: 'script', weight: 0 },
        ],
      },
    ]);
  });

  test('watches the process in no instance that has nothing of it, nor twice', () => {
    const text = one(
      'vrrp:\n  A: { vips: [10.77.0.100], track: [{ process: haproxy, weight: 10 }] }\n  B: { vips: [10.77.0.101] }\n',
    );
    expect(cluster(text).vrrp.map(({ name, trackers }) => [name, trackers.length])).toEqual([
      ['A', 1],
      ['B', 0],
    ]);
  });

  test('servers take the port of the listener, of serverPort, or their own', () => {
    const servers = 'servers: [web1, { host: web2, port: 81, weight: 3 }, { host: web3, backup: true }]';
    const text = one('', `www: { vip: 10.77.0.100, port: 80, serverPort: 8080, ${servers} }`);
    expect(cluster(text).haproxy?.listeners[0]?.servers).toEqual([
      { host: 'web1', port: 8080, weight: 1, backup: false },
      { host: 'web2', port: 81, weight: 3, backup: false },
      { host: 'web3', port: 8080, weight: 1, backup: true },
    ]);
  });

  test.each([
    ['www: { vip: 10.77.0.100, port: 80, mode: tcp, sticky: cookie, servers: [web1] }', 'sees no HTTP'],
    ['www: { vip: 10.77.0.100, port: 80, servers: [web1, web*] }', 'web1 is behind it on port 80 already'],
    ['www: { vip: 10.77.0.100, port: 80, check: { status: 200 }, servers: [web1] }', 'none is asked for'],
    ['www: { vip: 10.77.0.300, port: 80, servers: [web1] }', 'not an IPv4 or IPv6 address'],
  ])('%s', (text, message) => {
    expect(problems(one('', text))).toMatchObject([{ message: expect.stringContaining(message) as unknown }]);
  });

  test('a user of the statistics needs a password', () => {
    expect(problems(one('  stats: { user: ops }\n'))).toMatchObject([{ rule: 'haproxy-stats' }]);
  });
});

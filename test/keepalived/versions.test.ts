import { describe, expect, test } from 'vitest';
import { isAtLeast, needsOf, upstream } from '../../src/keepalived/versions.ts';
import { base, cluster } from '../inventory/reading.ts';

test.each([
  ['2.2.7', '2.2.7', true],
  ['2.2.7', '2.2.8', false],
  ['2.10.0', '2.9.9', true],
  ['2.0.7', '2.0.11', false],
  ['2.3', '2.3.0', true],
  ['3.0', '2.3.3', true],
  ['1:2.2.7-1+b2', '2.2.7', true],
  ['1:2.2.7-1+b2', '2.2.8', false],
])('%s is as new as %s: %s', (version, wanted, expected) => {
  expect(isAtLeast(version, wanted)).toBe(expected);
});

test.each([
  ['1:2.3.3-1', '2.3.3'],
  ['2.2.7-1.el9', '2.2.7'],
  ['1.3.5-19.el7', '1.3.5'],
  ['2.2.7', '2.2.7'],
])('%s is keepalived %s', (version, expected) => {
  expect(upstream(version)).toBe(expected);
});

describe('what a cluster needs', () => {
  const needs = (text: string) =>
    needsOf(cluster(`${base}rollout: { switchOver: false }\n${text}`)).map(({ feature, path }) => [
      feature.keyword,
      feature.since,
      path.join('.'),
    ]);

  test('is nothing as long as it is plain', () => {
    expect(needs('vrrp: { A: { vips: [10.77.0.9], unicast: true, interval: 0.5 } }\n')).toEqual([]);
  });

  test.each([
    ['keepalived: { startupDelay: 1 }', 'vrrp_startup_delay', '2.0.14', 'keepalived.startupDelay'],
    [
      'vrrp: { A: { vips: [10.77.0.9], downTimerAdverts: 4 } }',
      'down_timer_adverts',
      '2.2.3',
      'vrrp.A.downTimerAdverts',
    ],
    [
      'vrrp: { A: { vips: [10.77.0.9], track: [{ interface: eth1 }, { process: sshd }] } }',
      'track_process',
      '2.0.11',
      'vrrp.A.track.1',
    ],
    ['vrrp: { A: { vips: [10.77.0.9], track: [{ file: /var/lib/a/b }] } }', 'track_file', '2.0.0', 'vrrp.A.track.0'],
    ['vrrp: { A: { vips: [10.77.0.9], track: [{ bfd: 10.77.0.1 }] } }', 'track_bfd', '2.0.0', 'vrrp.A.track.0'],
    [
      'services: { w: { vip: 10.77.0.9, port: 80, check: [{ tcp: true }, { bfd: true }], realServers: [web1] } }',
      'BFD_CHECK',
      '2.0.0',
      'services.w.check',
    ],
    [
      'services: { d: { vip: 10.77.0.9, port: 53, protocol: UDP, check: { ping: true }, realServers: [web1] } }',
      'PING_CHECK',
      '2.1.0',
      'services.d.check',
    ],
    [
      'services: { t: { vip: 10.77.0.9, port: 80, mode: TUN, tunnel: gre, realServers: [web1] } }',
      'lvs_method TUN type',
      '2.0.18',
      'services.t.tunnel',
    ],
  ])('%s', (text, ...need) => {
    expect(needs(`${text}\n`)).toEqual([need]);
  });
});

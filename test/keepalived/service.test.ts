import { expect, test } from 'vitest';
import type { Machine } from '../inventory/reading.ts';
import { block, configurationOf } from './configuration.ts';

const machine: Machine = { files: { '/inv/s/q.sh': '#!/bin/sh\n' } };
const services = (keys: string, servers = 'web1') =>
  `services:\n  www: { vip: 10.77.0.100, port: 80, ${keys}, realServers: [${servers}] }\n`;

/** The block of a real server, and that of its service. */
const server = (text: string, end = '10.77.0.13 80') =>
  block(configurationOf(text, 'lb1', machine), `real_server ${end}`);
const service = (text: string) => block(configurationOf(text, 'lb1', machine), 'virtual_server 10.77.0.100 80');

const timing = 'connect_timeout 2\nretry 1\ndelay_before_retry 1';

test("each of several checks is a checker, which says its interval where it is not the first one's", () => {
  expect(
    server(services('check: [{ ping: true, interval: 5 }, { tcp: true, port: 22 }, { smtp: true, interval: 5 }]')),
  ).toBe(
    `weight 1\nPING_CHECK {\n${timing}\n}\nTCP_CHECK {\nconnect_port 22\ndelay_loop 2\n${timing}\n}\nSMTP_CHECK {\n${timing}\n}`,
  );
  expect(service(services('check: [{ ping: true, interval: 5 }, { tcp: true }]'))).toContain('delay_loop 5\nlb_algo');
});

test('a script among several checks says its interval too', () => {
  expect(server(services('check: [{ tcp: true }, { misc: s/q.sh, interval: 9 }]'))).toContain(
    'misc_timeout 5\ndelay_loop 9\nretry 1',
  );
});

test("the first of a real server's own checks sets its interval", () => {
  const own = '{ host: web2, check: [{ ping: true, interval: 7 }, { tcp: true, interval: 2 }] }';
  expect(server(services('check: { tcp: true }', `web1, ${own}`), '10.77.0.14 80')).toBe(
    `weight 1\ndelay_loop 7\nPING_CHECK {\n${timing}\n}\nTCP_CHECK {\ndelay_loop 2\n${timing}\n}`,
  );
});

test('programs are run for the quorum and for each real server', () => {
  const notify =
    "notify: { quorumUp: [s/q.sh, up], quorumDown: /bin/down, up: [/bin/up, '%h'], down: [s/q.sh, '%a'], user: lb }";
  expect(service(services(notify))).toContain(
    'quorum_up "/etc/keepalived/lvsctl/q.sh up" lb\nquorum_down "/bin/down" lb\n',
  );
  expect(server(services(notify))).toContain(
    'notify_up "/bin/up web1" lb\nnotify_down "/etc/keepalived/lvsctl/q.sh 10.77.0.13" lb\n',
  );
});

test('a check by BFD names the session with the real server, which all services share', () => {
  const text = `${services('check: [{ http: / }, { bfd: { minRx: 50, maxHops: 2 } }]')}  mail: { vip: 10.77.0.100, port: 25, check: { bfd: { minRx: 50, maxHops: 2 } }, realServers: [web1] }\n`;
  expect(server(text)).toContain('BFD_CHECK {\nname bfd_10_77_0_13\n}');
  const conf = configurationOf(text, 'lb2', machine);
  expect(conf.match(/^bfd_instance/gm)).toHaveLength(1);
  expect(block(conf, 'bfd_instance bfd_10_77_0_13')).toBe(
    'neighbor_ip 10.77.0.13\nsource_ip 10.77.0.12\nmin_rx 50\nmin_tx 300\nidle_tx 1000\nmultiplier 3\nmax_hops 2',
  );
});

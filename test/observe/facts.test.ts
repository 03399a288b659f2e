import { describe, expect, test } from 'vitest';
import { factsSection, readFacts } from '../../src/observe/facts.ts';
import { runSh, shells } from '../support/sh.ts';

const debian = [
  'uid 0',
  'kernel 6.1.0-13-amd64',
  'system debian||12',
  '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever',
  '1: lo    inet 10.77.0.100/32 scope global lo\\       valid_lft forever preferred_lft forever',
  '1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever',
  '2: eth0    inet 10.77.0.13/24 brd 10.77.0.255 scope global eth0\\       valid_lft forever preferred_lft forever',
  '2: eth0    inet6 fe80::5054:ff:fe12:3456/64 scope link \\       valid_lft forever preferred_lft forever',
  '',
].join('\n');

test('the facts of a host', () => {
  expect(readFacts(debian)).toEqual({
    uid: 0,
    kernel: '6.1.0-13-amd64',
    system: { id: 'debian', like: [], version: '12' },
    addresses: [
      { interface: 'lo', address: '127.0.0.1', prefix: 8 },
      { interface: 'lo', address: '10.77.0.100', prefix: 32 },
      { interface: 'lo', address: '::1', prefix: 128 },
      { interface: 'eth0', address: '10.77.0.13', prefix: 24 },
      { interface: 'eth0', address: 'fe80::5054:ff:fe12:3456', prefix: 64 },
    ],
  });
});

describe('an address', () => {
  test.each([
    [
      'of a VLAN',
      '4: bond0.20@bond0    inet 10.0.0.1/24 scope global bond0.20',
      { interface: 'bond0.20', address: '10.0.0.1', prefix: 24 },
    ],
    [
      'of a point-to-point link',
      '2: eth0    inet 10.0.0.1 peer 10.0.0.254/32 scope global eth0',
      { interface: 'eth0', address: '10.0.0.1', prefix: 32 },
    ],
    [
      'of a point-to-point link, IPv6',
      '2: wg0    inet6 fd00::1 peer fd00::2/128 scope global',
      { interface: 'wg0', address: 'fd00::1', prefix: 128 },
    ],
    [
      'that is no longer new',
      '2: eth0    inet 10.0.0.1/24 scope global deprecated dynamic eth0',
      { interface: 'eth0', address: '10.0.0.1', prefix: 24 },
    ],
  ])('%s', (_what, line, expected) => {
    expect(readFacts(`uid 0\n${line}\\       valid_lft forever\n`).addresses).toEqual([expected]);
  });
});

test.each([
  ['ubuntu|debian|24.04', { id: 'ubuntu', like: ['debian'], version: '24.04' }],
  ['rocky|rhel centos fedora|9.4', { id: 'rocky', like: ['rhel', 'centos', 'fedora'], version: '9.4' }],
  ['arch||', { id: 'arch', like: [], version: '' }],
  ['||', { id: '', like: [], version: '' }],
])('the system %s', (line, expected) => {
  expect(readFacts(`system ${line}\n`).system).toEqual(expected);
});

test('what is missing is empty, and nobody is taken for root', () => {
  expect(readFacts('')).toEqual({ uid: -1, kernel: '', system: { id: '', like: [], version: '' }, addresses: [] });
  expect(readFacts('uid \n').uid).toBe(-1);
  expect(readFacts('uid 1000\n').uid).toBe(1000);
});

test.each(shells)('in %s, this machine tells its facts', (shell) => {
  const facts = readFacts(runSh(factsSection.sh, shell).stdout);
  expect(facts.uid).toBe(process.getuid?.());
  expect(facts.kernel).toMatch(/^\d+\./);
  expect(facts.system.id).toMatch(/^\w+$/);
  expect(facts.addresses).toContainEqual({ interface: 'lo', address: '127.0.0.1', prefix: 8 });
});

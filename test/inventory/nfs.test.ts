import { describe, expect, test } from 'vitest';
import type { NfsClient, NfsOffer } from '../../src/inventory/cluster.ts';
import { exportOf, isAutomount, isWithin, mountVersion, offerTo } from '../../src/inventory/nfs.ts';
import { meeting } from '../../src/inventory/meeting.ts';
import { makeHost } from '../support/cluster.ts';

const address = (one: string, nic = 'eth0') =>
  ({ interface: nic, address: one, family: one.includes(':') ? 6 : 4, prefix: one.includes(':') ? 64 : 24 }) as const;

describe('the addresses by which two hosts meet', () => {
  const server = makeHost('nas1', {
    addresses: [address('10.1.0.1'), address('10.2.0.1', 'eth1'), address('fd00::1')],
  });
  test.each([
    [['10.2.0.9'], '10.2.0.9 10.2.0.1', true],
    [['10.9.0.9', '10.2.0.9'], '10.2.0.9 10.2.0.1', true],
    [['10.9.0.9'], '10.9.0.9 10.1.0.1', false],
    [['fd00::9'], 'fd00::9 fd00::1', true],
  ])('%j: %s', (own, pair, direct) => {
    const met = meeting(makeHost('a', { addresses: own.map((one) => address(one)) }), server);
    expect([`${met?.from.address} ${met?.to.address}`, met?.direct]).toEqual([pair, direct]);
  });

  test('there are none without a common family', () => {
    const four = makeHost('b', { addresses: [address('10.1.0.2')] });
    expect(meeting(makeHost('a', { addresses: [address('fd00::9')] }), four)).toBeUndefined();
  });
});

describe('what a host gets of an export', () => {
  const server = makeHost('nas9');
  const offer = (client: NfsClient, option: string): NfsOffer => ({ client, options: [option] });
  const offers = [
    offer({ type: 'netgroup', name: 'x' }, 'netgroup'),
    offer({ type: 'anyone' }, 'anyone'),
    offer({ type: 'network', address: '10.77.0.0', prefix: 29, family: 4 }, 'network'),
    offer({ type: 'host', host: 'web1' }, 'host'),
  ];
  test.each([
    ['web1', 4, 'host'],
    ['web2', 4, 'network'],
    ['web20', 4, 'anyone'],
    ['web20', 1, 'netgroup'],
    ['web20', 0, undefined],
  ])('%s of the first %i offers: %s', (name, count, option) => {
    const exported = { host: 'nas9', path: '/srv', offers: offers.slice(0, count === 4 ? 4 : count) };
    expect(offerTo(makeHost(name), server, exported)?.options[0]).toBe(option);
  });
});

test.each([
  ['/srv', '/srv', true],
  ['/srv/a', '/srv', true],
  ['/srvx', '/srv', false],
  ['/a', '/', true],
])('%s within %s: %s', (path, folder, is) => {
  expect(isWithin(path, folder)).toBe(is);
});

test('the export of a folder is the nearest around it', () => {
  const exports = ['/srv', '/srv/a', '/other'].map((path) => ({ host: 'nas1', path, offers: [] }));
  expect(exportOf({ exports }, 'nas1', '/srv/a/b')?.path).toBe('/srv/a');
  expect(exportOf({ exports }, 'nas1', '/srv')?.path).toBe('/srv');
  expect(exportOf({ exports }, 'nas2', '/srv')).toBeUndefined();
});

test('the version and the automount are read from the options', () => {
  expect(mountVersion({ options: ['hard', 'vers=4.1', 'nfsvers=3'] })).toBe('3');
  expect(mountVersion({ options: ['hard'] })).toBeUndefined();
  expect(isAutomount({ options: ['x-systemd.automount'] })).toBe(true);
});

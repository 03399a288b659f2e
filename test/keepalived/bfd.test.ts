import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sessionName, sourceFor, withBfd } from '../../src/keepalived/bfd.ts';
import { makeHost } from '../support/cluster.ts';
import { runSh, shells } from '../support/sh.ts';

test.each([
  ['10.77.0.1', 'bfd_10_77_0_1'],
  ['2001:db8::1', 'bfd_2001_db8__1'],
  ['2001:db8:1234:5678:9abc:def0:1234:5678', expect.stringMatching(/^bfd_[0-9a-f]{16}$/)],
])('the session with %s is called %o, in at most 31 characters', (neighbor, name) => {
  expect(sessionName(neighbor)).toEqual(name);
  expect(sessionName(neighbor).length).toBeLessThanOrEqual(31);
});

test('a neighbor is spoken with from the address in its network, else from the first of its family', () => {
  const host = makeHost('lb1', {
    addresses: [
      { interface: 'eth0', address: '10.77.0.11', family: 4, prefix: 24 },
      { interface: 'eth1', address: '10.78.0.11', family: 4, prefix: 24 },
    ],
  });
  expect(['10.78.0.1', '10.9.0.1', 'fd77::1'].map((one) => sourceFor(host, one))).toEqual([
    '10.78.0.11',
    '10.77.0.11',
    undefined,
  ]);
});

describe.each(shells)('in %s, the test of a configuration with BFD', (shell) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvsctl-bfd-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['LVS VRRP JSON BFD DBUS', 'true', 0, ''],
    ['LVS VRRP JSON BFD', 'false', 1, ''],
    ['LVS VRRP JSON', 'true', 1, 'this keepalived was built without BFD'],
  ])('with %s and a file that is %s ends with %i', (options, sound, code, output) => {
    writeFileSync(join(folder, 'keepalived'), `#!/bin/sh\necho 'Config options:  ${options}' >&2\n`, { mode: 0o755 });
    const ran = runSh(withBfd(sound), shell, { commands: folder });
    expect(ran.code).toBe(code);
    expect(ran.stdout).toContain(output);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Resource } from '../../src/resources/index.ts';
import { kinds } from '../../src/resources/index.ts';
import { desiredOf } from '../support/cluster.ts';
import { Box } from '../support/box.ts';
import { failing } from '../support/steps.ts';

const nothing = desiredOf([]);
let box: Box;
beforeEach(async () => {
  box = await Box.open();
});
afterEach(() => box.close());

/** What the manifest holds. */
function kept(): string {
  return box.must(
    'cd /var/lib/lvsctl/manifest; find . -printf "%p %y %l\\n" | sort; find . -type f -exec sha256sum {} + | sort',
  );
}

/** Everything that a host is judged by here. */
function state(): string {
  return [
    ...['/etc', '/srv', '/var'].map((folder) => box.snapshot(folder).replace(/^\/var\/lib\/?[^\n]*\n/gm, '')),
    box.must('ip -o addr show | sed "s/ *valid_lft.*//"; ls /sys/module; grep -r "" /proc/sys'),
    box.must('grep " /srv\\| /mnt\\| /var" /proc/self/mounts; ls -A /var/lib; ls -A /run/lvsctl 2>/dev/null || :'),
    box.must(
      'for unit in /run/box/units/*; do echo "$unit $(cat "$unit/active") $(cat "$unit/enabled")"; done 2>/dev/null || :',
    ),
  ]
    .join('\n--\n')
    .replace(/^(\S+ d \S+ \S+|\/etc\/fstab f \S+ \S+) .*$/gm, '$1')
    .replace(/^\S+ {2}\/var\/lib\/lvsctl.*\n/gm, '')
    .trim();
}

const root = { mode: '0644', owner: 'root', group: 'root' } as const;
const app = (content: string | undefined): Resource => ({ kind: 'file', path: '/srv/app.conf', content, ...root });

/** What is wished, and how the host is before. */
const cases: readonly [what: string, wished: readonly Resource[], before: string][] = [
  ['a new file', [app('new\n')], ':'],
  [
    'a file that replaces one of others',
    [app('new\n')],
    'echo old >/srv/app.conf; chown daemon:mail /srv/app.conf; chmod 0600 /srv/app.conf',
  ],
  ['a file that replaces a symbolic link', [app('new\n')], 'ln -s ../etc/hostname /srv/app.conf'],
  ['a file that replaces an empty folder', [app('new\n')], 'mkdir -m 0700 /srv/app.conf'],
  ['the absence of a link', [app(undefined)], 'ln -s ../etc/hostname /srv/app.conf'],
  ['the absence of a file', [app(undefined)], 'echo old >/srv/app.conf; chmod 0600 /srv/app.conf'],
  ['a file with only another mode', [app('same\n')], 'echo same >/srv/app.conf; chmod 0600 /srv/app.conf'],
  ['folders, with their parents', [{ kind: 'directory', path: '/srv/a/b/c', mode: '0700' }], ':'],
  ['a folder with another mode', [{ kind: 'directory', path: '/srv/a', mode: '0700' }], 'mkdir -m 1777 /srv/a'],
  [
    'two folders in one',
    [
      { kind: 'directory', path: '/srv/a/b', mode: undefined },
      { kind: 'directory', path: '/srv/a/c', mode: undefined },
    ],
    ':',
  ],
  ['a kernel parameter', [{ kind: 'sysctl', key: 'net.ipv4.conf.all.arp_ignore', value: '1' }], ':'],
  ['a module', [{ kind: 'kernel-module', module: 'ip_vs_wrr' }], ':'],
  ['an address', [{ kind: 'address', interface: 'lo', address: '10.77.0.100', prefix: 32 }], ':'],
  ['an IPv6 address', [{ kind: 'address', interface: 'lo', address: 'fd77::100', prefix: 128 }], ':'],
  [
    'an address with another prefix',
    [{ kind: 'address', interface: 'lo', address: '10.77.0.100', prefix: 32 }],
    'ip addr add 10.77.0.100/24 dev lo',
  ],
  [
    'a mount in a new folder',
    [{ kind: 'mount', source: '10.77.0.16:/srv/www', path: '/srv/x/shared', type: 'nfs', options: ['hard'] }],
    'echo "# mine" >/etc/fstab',
  ],
  [
    'a mount in a folder that is there, with a line in fstab',
    [{ kind: 'mount', source: '10.77.0.16:/srv/www', path: '/srv/shared', type: 'nfs', options: ['hard'] }],
    'mkdir -m 0711 /srv/shared; echo "10.77.0.16:/srv/www /srv/shared nfs noauto 0 0" >/etc/fstab',
  ],
  [
    'a service that did not run',
    [{ kind: 'service', unit: 'app.service', reloadOn: [], restartOn: [], configuration: [] }],
    'mkdir -p /run/box/units/app.service; echo inactive >/run/box/units/app.service/active; echo disabled >/run/box/units/app.service/enabled',
  ],
  [
    'a service that ran and was not enabled',
    [{ kind: 'service', unit: 'app.service', reloadOn: [], restartOn: [], configuration: [] }],
    'mkdir -p /run/box/units/app.service; echo active >/run/box/units/app.service/active; echo disabled >/run/box/units/app.service/enabled',
  ],
];

describe('what was brought about', () => {
  test.each(cases)('%s, is taken away again', async (_what, wished, before) => {
    box.must(before);
    const was = state();
    const applied = box.do(await box.steps(wished));
    expect(applied).toMatchObject({ code: 0 });
    const removal = await box.steps(nothing);
    expect(removal.length).toBeGreaterThan(0);
    const removed = box.do(removal);
    expect(removed).toMatchObject({ code: 0 });
    expect(state()).toBe(was);
    expect(await box.steps(nothing)).toEqual([]);
  });

  test.each(cases)('%s, stays when its removal fails later on', async (_what, wished, before) => {
    box.must(before);
    expect(box.do(await box.steps(wished))).toMatchObject({ code: 0 });
    const is = state();
    const manifest = kept();
    expect(box.do([...(await box.steps(nothing)), failing])).toMatchObject({ code: 1 });
    expect(state()).toBe(is);
    expect(kept()).toBe(manifest);
    expect(await box.steps(wished)).toEqual([]);
  });

  test.each(cases)('%s, is in no manifest when it was undone', async (_what, wished, before) => {
    box.must(before);
    const was = state();
    expect(box.do([...(await box.steps(wished)), failing])).toMatchObject({ code: 1 });
    expect(state()).toBe(was);
    expect(await box.steps(nothing)).toEqual([]);
  });
});

describe('a removal', () => {
  test('leaves alone what was as wished before lvsctl came', async () => {
    box.must('echo same >/srv/app.conf; ip addr add 10.77.0.100/32 dev lo');
    expect(await box.steps([app('same\n')])).toEqual([]);
    expect(await box.steps(nothing)).toEqual([]);
  });

  test('puts back the first original, however often it was changed since', async () => {
    box.must('echo first >/srv/app.conf');
    for (const text of ['second\n', 'third\n']) box.do(await box.steps([app(text)]));
    const [step] = await box.steps(nothing);
    expect(step?.diff).toContain('-third\n+first');
    box.do(await box.steps(nothing));
    expect(box.must('cat /srv/app.conf')).toBe('first\n');
  });

  test('hides the secrets of what it takes away, of which the manifest holds nothing', async () => {
    const secret: Resource = { ...(app('auth_pass hush\n') as object), mask: 'auth_pass' } as Resource;
    box.do(await box.steps([secret]));
    const [step] = await box.steps(nothing);
    expect(step?.diff).toContain('-auth_pass ********');
    expect(box.must('grep -r hush /var/lib/lvsctl || echo none')).toBe('none\n');
  });

  test('takes no folder that has data', async () => {
    box.do(await box.steps([{ kind: 'directory', path: '/srv/a/b', mode: undefined }]));
    box.must('echo precious >/srv/a/b/data');
    const done = box.do(await box.steps(nothing));
    expect(done).toMatchObject({ code: 0 });
    expect(done.progress).toContainEqual({ type: 'note', text: '/srv/a/b stays: there is something in it' });
    expect(box.must('cat /srv/a/b/data; ls -A /var/lib')).toBe('precious\n');
  });

  test('of what somebody took away already is only forgotten', async () => {
    box.do(await box.steps([app('new\n'), { kind: 'address', interface: 'lo', address: '10.77.0.100', prefix: 32 }]));
    box.must('rm /srv/app.conf; ip addr del 10.77.0.100/32 dev lo');
    const steps = await box.steps(nothing);
    expect(steps.map(({ action }) => action)).toEqual(['run']);
    expect(box.do(steps)).toMatchObject({ code: 0 });
    expect(await box.steps(nothing)).toEqual([]);
  });

  test('of one of two files of a running service has it take that up', async () => {
    box.must('mkdir -p /run/box/units/app.service');
    const service: Resource = {
      kind: 'service',
      unit: 'app.service',
      reloadOn: ['file /srv/app.conf', 'file /srv/other.conf'],
      restartOn: [],
      configuration: [],
    };
    const other: Resource = { kind: 'file', path: '/srv/other.conf', content: 'x\n', ...root };
    box.do(await box.steps(desiredOf([app('new\n'), other, service])));
    box.did();
    const steps = await box.steps(desiredOf([app('new\n'), service]));
    expect(steps.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'delete file /srv/other.conf',
      'run service app.service',
    ]);
    box.do(steps);
    expect(box.did()).toEqual(['reloaded app.service']);
    expect(await box.steps(desiredOf([app('new\n'), service]))).toEqual([]);
  });

  const writer = (path: string): Resource => ({
    ...{ kind: 'service', unit: 'app.service', reloadOn: [], restartOn: [], configuration: [], writes: [path] },
  });
  test.each([
    ['in folders that were not there', ':', ':', ['/srv']],
    ['in a folder that was there', 'mkdir -p /srv/app', ':', ['/srv', '/srv/app']],
    ['beside something of others', ':', 'echo x >/srv/app/other', ['/srv', '/srv/app', '/srv/app/other']],
    [
      'where it was before',
      'mkdir -p /srv/app/own; echo x >/srv/app/own/app.conf',
      ':',
      ['/srv', '/srv/app', '/srv/app/own', '/srv/app/own/app.conf'],
    ],
  ])('takes what a program wrote by itself, %s', async (_what, before, meanwhile, left) => {
    box.must(`mkdir -p /run/box/units/app.service; ${before}`);
    box.do(await box.steps([writer('/srv/app/own/app.conf')]));
    box.must(`mkdir -p /srv/app/own; echo app >/srv/app/own/app.conf; ${meanwhile}`);
    expect(box.do(await box.steps(nothing))).toMatchObject({ code: 0, output: '' });
    expect(box.must('find /srv | sort').trim().split('\n')).toEqual(left);
    expect(await box.steps(nothing)).toEqual([]);
  });

  test('leaves what a program wrote that ran before lvsctl came', async () => {
    box.must('mkdir -p /run/box/units/app.service; echo active >/run/box/units/app.service/active');
    box.do(await box.steps([writer('/srv/app.conf')]));
    box.must('echo app >/srv/app.conf');
    box.do(await box.steps(nothing));
    expect(box.must('cat /srv/app.conf')).toBe('app\n');
  });

  test('takes packages only when that is wished', async () => {
    const wished: Resource = { kind: 'package', present: ['keepalived', 'curl'], absent: [], later: [] };
    box.must('mkdir -p /run/box/packages; echo "installed 1.0" >/run/box/packages/curl');
    box.do(await box.steps([wished]));
    const look = await box.look(nothing);
    const [leftover] = look.leftovers;
    const context = { platform: nothing.platform, changed: () => false };
    const remove = (removePackages: boolean): readonly string[] =>
      (kinds.package.remove?.(wished, leftover?.observed, undefined, { ...context, removePackages }) ?? []).map(
        ({ resource }) => resource,
      );
    expect(remove(false)).toEqual([]);
    expect(leftover?.entry.resource).toMatchObject({ present: ['keepalived'] });
  });
});

test('a manifest that makes no sense is not acted on', async () => {
  box.must('mkdir -p /var/lib/lvsctl/manifest/x; echo "{}" >/var/lib/lvsctl/manifest/x/entry');
  await expect(box.look(nothing)).rejects.toThrow('an entry is not of this version of lvsctl');
});

test('every kind can be taken away, but those that go with another resource', () => {
  const without = Object.values(kinds).filter((kind) => kind.remove === undefined || kind.remember === undefined);
  expect(without.map(({ kind }) => kind)).toEqual(['export', 'packet-marks']);
});

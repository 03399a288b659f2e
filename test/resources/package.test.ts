import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { debian } from '../../src/platform/debian.ts';
import { packages, type PackageResource } from '../../src/resources/package.ts';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';
import { failing } from '../support/steps.ts';

const wish = (
  present: readonly string[],
  absent: readonly string[] = [],
  later: readonly string[] = [],
): PackageResource => ({ kind: 'package', present, absent, later });

describe.each(shells)('in %s, packages', (shell) => {
  let box: Box;
  beforeAll(async () => {
    box = await Box.open();
  });
  beforeEach(() => {
    box.must(
      `rm -rf /run/box/packages/* /run/box/units/* /etc/systemd/system/*.wants
      rm -f /run/box/upgrades /run/box/did /run/box/unknown /run/box/virtual /run/box/log
      cd /run/box/packages; echo installed 1.18-6 >nginx; echo config-files 1.0 >keepalived; echo installed 2:4.7+dfsg~rc1-1 >samba`,
    );
  });
  afterAll(() => box.close());

  const cases: readonly [what: string, wish: PackageResource, steps: readonly string[]][] = [
    ['that are there', wish(['nginx', 'samba']), []],
    ['that are not there, unwanted', wish(['nginx'], ['apache2']), []],
    [
      'of which one is missing',
      wish(['nginx', 'ipvsadm']),
      [
        'run package lists refresh the package lists, make sure that ipvsadm can be had',
        'create package ipvsadm 2.0-ipvsadm',
      ],
    ],
    [
      'of which two are missing',
      wish(['curl', 'ipvsadm']),
      [
        'run package lists refresh the package lists, make sure that curl, ipvsadm can be had',
        'create package curl ipvsadm curl 2.0-curl, ipvsadm 2.0-ipvsadm',
      ],
    ],
    [
      'removed, with their configuration left',
      wish(['keepalived']),
      [
        'run package lists refresh the package lists, make sure that keepalived can be had',
        'create package keepalived 2.0-keepalived',
      ],
    ],
    [
      'whose name begins like one that is there',
      wish(['ngin']),
      ['run package lists refresh the package lists, make sure that ngin can be had', 'create package ngin 2.0-ngin'],
    ],
    [
      'installed by hand and not wanted',
      wish(['nginx'], ['samba']),
      [
        'run package lists refresh the package lists, make sure that samba can be had',
        'delete package samba remove, configuration files stay',
      ],
    ],
    [
      'only unwanted ones',
      wish([], ['samba']),
      [
        'run package lists refresh the package lists, make sure that samba can be had',
        'delete package samba remove, configuration files stay',
      ],
    ],
    [
      'wanted and unwanted',
      wish(['g++'], ['samba']),
      [
        'run package lists refresh the package lists, make sure that g++, samba can be had',
        'create package g++ 2.0-g++',
        'delete package samba remove, configuration files stay',
      ],
    ],
  ];
  test.each(cases)('%s', async (_what, one, summaries) => {
    const steps = await box.steps([one], shell);
    expect(steps.map(({ action, resource, summary }) => `${action} ${resource} ${summary}`)).toEqual(summaries);
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect(await box.steps([one], shell)).toEqual([]);
    const log = box.must('cat /run/box/log 2>/dev/null || :');
    expect(log.split('\n').filter((line) => line.includes('--simulate'))).toHaveLength(steps.length > 0 ? 1 : 0);
  });

  test('are asked for a version only when one is missing: that takes a second', async () => {
    await box.steps([wish(['nginx', 'samba'], ['curl'])], shell);
    expect(box.must('cat /run/box/log 2>/dev/null || :')).toBe('');
    await box.steps([wish(['nginx', 'curl'])], shell);
    expect(box.must('cat /run/box/log')).toBe('apt-cache policy nginx curl\n');
  });

  test('whose version is not known are planned', async () => {
    box.must('printf "ghost\\n" >/run/box/virtual; printf "never\\n" >/run/box/unknown');
    const steps = await box.steps([wish(['curl', 'ghost', 'never'])], shell);
    expect(steps.at(-1)?.summary).toBe('curl 2.0-curl, ghost newest, never newest');
  });

  test('of which one cannot be had: nothing is changed, and it is told which', async () => {
    box.must('printf "never\\n" >/run/box/unknown');
    const done = box.do(await box.steps([wish(['curl', 'never'], ['samba'])], shell), shell);
    expect(done.code).toBe(1);
    expect(done.output).toContain('Unable to locate package never');
    expect(box.must('cat /run/box/packages/samba; ls /run/box/packages')).toBe(
      'installed 2:4.7+dfsg~rc1-1\nkeepalived\nnginx\nsamba\n',
    );
  });

  test('start what they bring once all are there, and nothing whose configuration comes later', async () => {
    box.must('rm /run/box/packages/nginx');
    const steps = await box.steps([wish(['nginx', 'apache2'], [], ['nginx.service'])], shell);
    expect(box.do(steps, shell)).toMatchObject({ code: 0 });
    expect(box.did()).toEqual(['started apache2.service']);
    const reloads = box.must('grep -A 9 daemon-reload /run/box/log');
    expect(reloads).toBe('systemctl daemon-reload\nsystemctl start -- apache2.service\n');
  });

  test.each([
    ['an upgrade', 'echo openssl >/run/box/upgrades', []],
    ['a removal', ':', ['samba']],
  ])('that come with %s start and restart as they are installed', async (_what, prepare, absent) => {
    box.must(prepare);
    const steps = await box.steps([wish(['apache2'], absent, ['apache2.service'])], shell);
    expect(box.do(steps, shell)).toMatchObject({ code: 0 });
    expect(box.did()).toEqual(['started apache2.service']);
  });

  test('whose installation fails leave nothing unstarted that is there', async () => {
    const steps = await box.steps([wish(['apache2', 'never'])], shell);
    const [prepare, install] = steps;
    box.must('mkdir -p /run/lvsctl; : >/run/lvsctl/packages-only-added');
    if (!prepare || !install) throw new Error('two steps');
    const done = box.do([{ ...install, sh: install.sh.replace("'never' || code=$?", '|| code=$?; code=100') }], shell);
    expect(done.code).toBe(1);
    expect(box.did()).toEqual(['started apache2.service']);
  });

  test('that an earlier run was cut off at are finished first', async () => {
    box.must('mkdir -p /var/lib/dpkg/updates; : >/var/lib/dpkg/updates/0001; : >/run/box/log');
    const done = box.do(await box.steps([wish(['ipvsadm'])], shell), shell);
    expect(done).toMatchObject({ code: 0 });
    const log = box.must('grep -n -e "^dpkg --" -e " install " /run/box/log').trim().split('\n');
    expect(
      log.map((line) => /dpkg --configure -a|simulate|install/.exec(line.replace(/--force-\S+ /g, ''))?.[0]),
    ).toEqual(['simulate', 'dpkg --configure -a', 'install']);
    expect(done.progress).toContainEqual({ type: 'note', text: 'finishes what an interrupted dpkg left' });
  });

  test.each([
    ['are fetched anew before anything is installed', ['nginx', 'ipvsadm'], []],
    ['are fetched anew before something is removed', ['nginx'], ['samba']],
  ])('whose lists a power cut left damaged %s', async (_what, present, absent) => {
    box.must('mkdir -p /var/lib/apt/lists; : >/var/lib/apt/lists/mirror_Packages; : >/var/lib/apt/lists/lock');
    const done = box.do(await box.steps([wish(present, absent)], shell), shell);
    expect(done.code, done.output).toBe(0);
    expect(done.progress).toContainEqual({
      type: 'note',
      text: 'the package lists cannot be read, and are fetched anew',
    });
    expect(box.must('ls /var/lib/apt/lists')).toBe('lock\n');
    box.must('rm -r /var/lib/apt');
  });

  test('that wait for another package manager say so, and go on when it is done', async () => {
    box.must('mkdir -p /var/lib/dpkg; : >/var/lib/dpkg/lock-frontend');
    // fcntl locks, as dpkg takes them; perl is on every Debian.
    const hold = `perl -MFcntl=:DEFAULT -e 'open F, "+>", "/var/lib/dpkg/lock-frontend"; $l = pack("s s x4 l! l! i x4", F_WRLCK, 0, 0, 0, 0); fcntl(F, F_SETLK, $l) or die; sleep 3' >/dev/null 2>&1 3>&- &\nsleep 0.5`;
    const steps = await box.steps([wish(['ipvsadm'])], shell);
    const done = box.do([{ ...failing, sh: hold }, ...steps], shell);
    expect(done.code).toBe(0);
    expect(done.progress).toContainEqual({
      type: 'note',
      text: expect.stringMatching(
        /^waits for the lock of the package manager, held by process \d+ \(perl\)$/,
      ) as string,
    });
  });
});

test.each([
  ['were there before', wish(['nginx']), ['nginx'], undefined],
  ['are only wished away', wish([], ['samba']), ['samba'], undefined],
  ['are missing', wish(['nginx', 'curl'], ['samba']), ['curl'], ['nginx']],
])('that %s: what of them is remembered as brought by lvsctl', (_what, resource, there, expected) => {
  const state = { installed: new Map(there.map((name) => [name, '1'])), candidates: new Map<string, string>() };
  expect(packages.remember?.(resource, state, undefined)?.resource.present).toEqual(expected);
});

test('nothing wished costs nothing', () => {
  expect(packages.probe([wish([])], debian)).toBe(':');
});

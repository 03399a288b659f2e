import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MountResource } from '../../src/resources/mount.ts';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';
import { failing } from '../support/steps.ts';

const path = '/var/www/shared';
const right = `10.77.0.16:/srv/www ${path} nfs hard,_netdev 0 0`;
const wish: MountResource = {
  kind: 'mount',
  source: '10.77.0.16:/srv/www',
  path,
  type: 'nfs',
  options: ['hard', '_netdev'],
};

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
beforeEach(() => {
  box.must(
    `while umount ${path} 2>/dev/null; do :; done; rm -rf ${path} /run/box/unreachable; mkdir ${path}; : >/etc/fstab; chmod 0644 /etc/fstab`,
  );
});
afterAll(() => box.close());

const fstab = (line: string): string => `printf '%s\\n' '${line}' >>/etc/fstab`;
const mounted = (source: string): string => `/bin/mount -t tmpfs '${source}' ${path}`;

const cases: readonly [what: string, sh: string, steps: readonly string[]][] = [
  ['nothing there', ':', ['create at boot, in /etc/fstab', 'create mount 10.77.0.16:/srv/www']],
  ['not even the folder', `rmdir ${path}`, ['create at boot, in /etc/fstab', 'create mount 10.77.0.16:/srv/www']],
  ['as wished', `${fstab(right)}; ${mounted(wish.source)}`, []],
  ['in fstab and not mounted', fstab(right), ['create mount 10.77.0.16:/srv/www']],
  ['mounted and not in fstab', mounted(wish.source), ['create at boot, in /etc/fstab']],
  ['blanks and tabs in fstab', `${fstab(right.replaceAll(' ', ' \t '))}; ${mounted(wish.source)}`, []],
  [
    'a comment that looks like it',
    `${fstab(`#${right}`)}; ${fstab(` # ${right}`)}; ${mounted(wish.source)}`,
    ['create at boot, in /etc/fstab'],
  ],
  [
    'another source mounted',
    `${fstab(right)}; ${mounted('10.9.9.9:/old')}`,
    ['update 10.9.9.9:/old → 10.77.0.16:/srv/www, mounted anew'],
  ],
  [
    'another line in fstab',
    `${fstab(right.replace('hard', 'soft'))}; ${mounted(wish.source)}`,
    ['update at boot, in /etc/fstab', 'update mounted anew with other options'],
  ],
  [
    'something mounted over it',
    `${fstab(right)}; ${mounted(wish.source)}; ${mounted('over')}`,
    ['update over → 10.77.0.16:/srv/www, mounted anew'],
  ],
];

describe.each(shells)('in %s, a mount with', (shell) => {
  test.each(cases)('%s', async (_what, sh, summaries) => {
    box.must(sh);
    const present = `grep ' ${path} ' /proc/self/mounts || :; cat /etc/fstab; stat -c '%a %U %Y' /etc/fstab`;
    const before = box.must(present);
    const steps = await box.steps([wish], shell);
    expect(steps.map((step) => `${step.action} ${step.summary}`)).toEqual(summaries);
    expect(box.do([...steps, failing], shell)).toMatchObject({ code: 1, output: '' });
    expect(box.must(present)).toBe(before);
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect((await box.steps([wish], shell)).map(({ summary }) => summary)).toEqual([]);
  });
});

test('other lines of fstab stay as they are, whatever they hold', async () => {
  const others = [
    '# a comment',
    '',
    'UUID=1-2  /  ext4\tdefaults,x=a\\040b 0 1',
    `server:/x ${path}/deeper nfs ro 0 0`,
    `/dev/sdb1 ${path}2 ext4 ro 0 0`,
  ];
  box.must(`printf '%s\\n' '${others.join("' '")}' >/etc/fstab; printf '/swap none swap sw 0 0' >>/etc/fstab`);
  box.do(await box.steps([wish]));
  expect(box.must('cat /etc/fstab').split('\n')).toEqual([...others, '/swap none swap sw 0 0', right, '']);
});

test('a mount that is in use stays mounted, once, when it cannot be replaced', async () => {
  box.must(`${fstab(right)}; ${mounted('10.9.9.9:/old')}; echo here >${path}/file`);
  const steps = await box.steps([wish]);
  const held = box.do([
    { ...failing, sh: `exec 9<${path}/file\n( sleep 5 ) 9<&9 >/dev/null 2>&1 3>&- &\necho $! >/run/box/holder` },
    ...steps,
  ]);
  box.run('kill $(cat /run/box/holder)');
  expect(held.code).toBe(1);
  expect(held.output).toContain('busy');
  expect(held.progress).toContainEqual({ type: 'undone', stage: 0, step: 1, code: 0 });
  expect(box.must(`grep -c ' ${path} ' /proc/self/mounts`).trim()).toBe('1');
  expect(box.must(`cat ${path}/file`)).toBe('here\n');
});

test('what was mounted comes back when its successor cannot be reached', { timeout: 60_000 }, async () => {
  box.must(`${fstab(right)}; ${mounted('10.9.9.9:/old')}; echo 10.77.0.16:/srv/www >/run/box/unreachable`);
  const steps = (await box.steps([wish])).map((step) => ({
    ...step,
    sh: step.sh.replace('patiently 20', 'patiently 1'),
  }));
  const done = box.do(steps);
  expect(done.output).toContain('Connection refused');
  expect(box.must(`grep -o '^[^ ]* ${path} ' /proc/self/mounts`)).toBe(`10.9.9.9:/old ${path} \n`);
});

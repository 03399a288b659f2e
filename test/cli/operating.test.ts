import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openDirector, type Director } from './director.ts';

let lb1: Director;

beforeAll(async () => {
  lb1 = await openDirector();
});
afterAll(async () => {
  await lb1.close();
});

/** The weights in keepalived's configuration, in the order of the real servers. */
const weights = (): string[] =>
  lb1.box.must("sed -n 's/^ *weight //p' /etc/keepalived/keepalived.conf").trim().split('\n');

/** Changes keepalived's configuration for the test that runs. */
function editConfiguration(sh: string): void {
  lb1.box.must(`cp -a /etc/keepalived/keepalived.conf /run/box/conf\n${sh}`);
  onTestFinished(() => {
    lb1.box.must('cp -a /run/box/conf /etc/keepalived/keepalived.conf');
  });
}

describe('arguments', () => {
  test.each<[what: string, args: readonly string[], message: RegExp]>([
    ['drain without a host', ['drain'], /HOST/],
    ['drain of a host that is not there', ['drain', 'wep1', '--yes'], /wep1.*web1/s],
    ['drain of a host behind no service', ['drain', 'web1,nas1', '--yes'], /nas1: not behind any service/],
    ['drain with a timeout that is none', ['drain', 'web1', '--timeout', 'long'], /timeout/],
    ['undrain without a host', ['undrain'], /HOST/],
    ['undrain of a director', ['undrain', 'lb1', '--yes'], /lb1: not behind any service.*undrain/],
    ['facts of nobody', ['facts', 'nobody'], /nobody/],
    ['ipvs diff of a real server', ['ipvs', 'diff', '--limit', 'web1'], /no director among these hosts/],
    ['ipvs save without a file', ['ipvs', 'save'], /FILE/],
    ['ipvs restore without a file', ['ipvs', 'restore'], /FILE/],
  ])('%s: exit code 64', async (_what, args, message) => {
    const { code, stdout, stderr } = await lb1.lvsctl(...args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(64);
  });
});

describe('plan --profile', () => {
  test('says where the time went, and writes a row for each host', async () => {
    const file = join(lb1.home, 'trace.json');
    const { code, stdout, stderr } = await lb1.lvsctl('plan', '--limit', 'lb1,web1', `--profile=${file}`, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ hosts: [{ name: 'lb1' }] });
    for (const line of [/^start of the process +\d/m, /^ {2}handshake +\d/m, /^ {2}read +\d/m, /^all +\d/m])
      expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^slowest {2}\S+ \d.*, of which \w+ \d/m);
    const trace = JSON.parse(await readFile(file, 'utf8')) as { ph: string; tid: number; name: string }[];
    const namesOf = (row: number): string[] =>
      trace.filter(({ ph, tid }) => ph === 'X' && tid === row).map(({ name }) => name);
    expect(namesOf(1)).toEqual(['start', 'inventory', 'hosts', 'diff', 'render', 'close']);
    expect([namesOf(2), namesOf(3)].sort((a, b) => b.length - a.length)).toEqual([
      ['queue', 'tcp', 'handshake', 'login', 'observe', 'read'],
      ['queue', 'tcp'],
    ]);
    expect(code).toBe(3);
  });

  test('is refused before anything is done where the trace cannot be: exit code 64', async () => {
    const { code, stderr } = await lb1.lvsctl('plan', '--profile=/dev/null/trace.json');
    expect(stderr).toBe('/dev/null/trace.json cannot be written: its folder is not there\n');
    expect(code).toBe(64);
  });
});

describe('facts', () => {
  test('shows what is known of a host', async () => {
    lb1.box.must('mkdir -p /run/box/packages; echo installed 3.0.11-1 >/run/box/packages/haproxy');
    const { code, stdout } = await lb1.lvsctl('facts', 'lb1');
    expect(stdout).toMatch(/^lb1\n {2}system .*, kernel \d/);
    expect(stdout).toMatch(/packages .*keepalived \S+.*haproxy 3\.0\.11-1/);
    expect(code).toBe(0);
  });

  test('of a host that does not answer are the reason, beside those of the others: exit code 3', async () => {
    const { code, stdout } = await lb1.lvsctl('facts', 'lb1,web2', '--json');
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ host: 'lb1', packages: expect.objectContaining({ haproxy: '3.0.11-1' }) as object }),
      { host: 'web2', trouble: expect.stringContaining('127.0.0.1') as string },
    ]);
    expect(code).toBe(3);
  });
});

describe('ipvs', () => {
  const file = (): string => join(lb1.home, 'tables');

  test('diff finds nothing where the table is that of the inventory', async () => {
    expect(await lb1.lvsctl('ipvs', 'diff')).toMatchObject({
      code: 0,
      stdout: 'lb1 has the table of the inventory.\n',
    });
  });

  test('save writes the tables into a file', async () => {
    const { code, stdout } = await lb1.lvsctl('ipvs', 'save', file());
    expect(stdout).toBe(`${file()} has the tables of lb1.\n`);
    expect(await readFile(file(), 'utf8')).toMatch(
      /^# director lb1\n-A -t 10\.77\.0\.100:80 -s \w+\n-a -t 10\.77\.0\.100:80 -r 10\.77\.0\.13:80 -g -w 1\n/,
    );
    expect(code).toBe(0);
  });

  test('restore has nothing to do where the table is that of the file', async () => {
    expect(await lb1.lvsctl('ipvs', 'restore', file(), '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"changes": []') as string,
    });
  });

  test.each<[what: string, text: string | undefined, message: RegExp]>([
    ['a file that is not there', undefined, /tables-.* cannot be read: ENOENT/],
    ['a file of something else', 'hello\n', /line 1 is no line of ipvsadm -Sn: hello/],
    ['a file with a command in it', '-A -t 10.0.0.1:80 -s $(reboot)\n', /line 1 is no line/],
    ['a file without a table for the director', '# director lb2\n', /no table for lb1.*--limit/],
  ])('restore of %s: exit code 1', async (what, text, message) => {
    const path = join(lb1.home, `tables-${what.length}`);
    if (text !== undefined) await writeFile(path, text);
    const { code, stderr } = await lb1.lvsctl('ipvs', 'restore', path, '--yes');
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  test('diff names what differs, and restore puts it back once it is told to', async () => {
    editConfiguration('sed -i "0,/weight 1/s//weight 9/" /etc/keepalived/keepalived.conf');
    const diff = await lb1.lvsctl('ipvs', 'diff');
    expect(diff.stdout).toMatch(/^lb1\n {2}~ .*10\.77\.0\.13:80.*9/);
    expect(diff.code).toBe(1);
    const asked = await lb1.lvsctl('ipvs', 'restore', file());
    expect(asked.stdout).toMatch(/^ +--a .* 10\.77\.0\.13:80 .*-w 9$/m);
    expect(asked.stderr).toContain('this needs --yes');
    expect(asked.code).toBe(1);
    expect(lb1.box.must('cat /run/box/ipvsadm 2>/dev/null || :')).toBe('');
    const restored = await lb1.lvsctl('ipvs', 'restore', file(), '--yes');
    expect(restored.stdout).toContain('Restored. 1 step done on 1 host.');
    expect(restored.code).toBe(0);
    expect(lb1.box.must('cat /run/box/ipvsadm')).toBe('-e -t 10.77.0.100:80 -r 10.77.0.13:80 -g -w 1\n');
  });
});

describe('drain', () => {
  test('changes nothing before it is told to: exit code 1', async () => {
    const { code, stdout, stderr } = await lb1.lvsctl('drain', 'web1');
    expect(stdout).toContain('/etc/keepalived/keepalived.conf');
    expect(stderr).toContain('this needs --yes');
    expect(weights()).toEqual(['1', '1']);
    expect(code).toBe(1);
  });

  test('gives the weight 0, and says that no connection is left', async () => {
    const { code, stdout } = await lb1.lvsctl('drain', 'web1', '--yes', '--timeout', '0');
    expect(stdout).toMatch(/^web1 is drained on lb1: no connection is left/m);
    expect(weights()).toEqual(['0', '1']);
    expect(code).toBe(0);
  });

  test('refuses to leave a service without a real server, unless it is forced', async () => {
    const refused = await lb1.lvsctl('drain', 'web2', '--yes');
    expect(refused.stderr).toMatch(/www would have no real server left\n.*--force/);
    expect(refused.code).toBe(1);
    expect(weights()).toEqual(['0', '1']);
    const forced = await lb1.lvsctl('drain', 'web2', '--yes', '--force', '--json');
    expect(JSON.parse(forced.stdout)).toMatchObject({ ok: true, drained: ['web1', 'web2'], state: { active: 0 } });
    expect(weights()).toEqual(['0', '0']);
  });

  test('is undone by undrain', async () => {
    const { code, stdout } = await lb1.lvsctl('undrain', 'web[1:2]', '--yes');
    expect(stdout).toMatch(/^web1, web2 are back, with the weights of the inventory on lb1\.$/m);
    expect(weights()).toEqual(['1', '1']);
    expect(code).toBe(0);
  });

  test('is refused where something else is not as the inventory wants it', async () => {
    editConfiguration('echo "# by hand" >>/etc/keepalived/keepalived.conf');
    const { code, stderr } = await lb1.lvsctl('drain', 'web1', '--yes');
    expect(stderr).toMatch(/lb1: file \/etc\/keepalived\/keepalived\.conf is not as the inventory wants it/);
    expect(stderr).toContain('run "lvsctl apply" first');
    expect(code).toBe(1);
  });
});

test('teardown speaks of taking away', async () => {
  const { code, stdout } = await lb1.lvsctl('teardown', '--limit', 'lb1', '--yes');
  expect(stdout).toMatch(/^Taken away\. \d+ steps done on 1 host\.$/m);
  expect(stdout).not.toContain('Applied');
  expect(lb1.box.run('test -e /etc/keepalived/keepalived.conf').code).not.toBe(0);
  expect(code).toBe(0);
});

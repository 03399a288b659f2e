import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lvsctl } from './terminal.ts';

const example = join(import.meta.dirname, '..', '..', 'inventories', 'dr.yaml');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvsctl-cli-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function variant(name: string, change: (text: string) => string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, change(await readFile(example, 'utf8')));
  return path;
}

describe('arguments', () => {
  const wrong: [string, string[], RegExp][] = [
    ['an unknown command', ['aply'], /`aply`.*`apply`/s],
    ['an unknown flag', ['plan', '--bogus'], /--bogus/],
    ['a flag without its value', ['plan', '-i'], /inventory/],
    ['one argument too many', ['check', 'more'], /more/],
    ['exec without a command', ['exec', 'all', '-i', example], /lvsctl exec PATTERN -- CMD/],
    ['exec on hosts that are not there', ['exec', 'nobody', '-i', example, '--', 'true'], /nobody/],
    ['a check that is none', ['verify', '-i', example, '--only', 'vip-hodler'], /is it vip-holder\?/],
    ['a report of no known form', ['verify', '-i', example, '--report', 'out.pdf'], /out\.pdf.*\.html/],
    ['a report where nothing can be', ['verify', '-i', example, '--junit', '/dev/null/x.xml'], /folder is not there/],
    [
      'no time between two looks',
      ['status', '-i', example, '--watch', '--interval', '0'],
      /0 is not between 0\.2 and 86400 seconds/,
    ],
    ['a wait beside a watch', ['verify', '-i', example, '--watch', '--wait', '5'], /--wait does not go with --watch/],
    ['a wait of no length', ['verify', '-i', example, '--wait', 'soon'], /soon/],
    ['a wait that ends before it begins', ['apply', '-i', example, '--lock-wait=-1'], /-1 is not between 0 and 86400/],
    ['a limit that matches nothing', ['plan', '-i', example, '--limit', 'wep1'], /wep1.*web1/s],
  ];
  test.each(wrong)('%s: exit code 64', async (_what, args, message) => {
    const { code, stderr } = await lvsctl(args);
    expect(stderr).toMatch(message);
    expect(code).toBe(64);
  });

  test.each([[['--help']], [['plan', '--help']], [[]], [['lab']]])('%j shows help', async (args) => {
    const { code, stdout } = await lvsctl(args);
    expect(stdout).toContain('USAGE');
    expect(code).toBe(0);
  });

  test('--version is that of the package', async () => {
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as {
      version: string;
    };
    expect((await lvsctl(['--version'])).stdout).toBe(`${version}\n`);
  });

  test('flags may stand before the command', async () => {
    const { code, stdout } = await lvsctl(['-i', example, '--no-color', 'check']);
    expect(stdout).toContain('is sound: 7 hosts, 2 directors, 1 service.');
    expect(code).toBe(0);
  });

  test.each<[string[], RegExp]>([
    [[], /^<svg\s[^]*web3[^]*<\/svg>\n$/],
    [['--mermaid'], /^flowchart TD\n[^]*web3/],
    [['--json'], /^\{\n {2}"title": "The cluster shop"/],
  ])('graph %j draws the inventory', async (flags, drawn) => {
    const { code, stdout } = await lvsctl(['graph', '-i', example, ...flags]);
    expect(stdout).toMatch(drawn);
    expect(code).toBe(0);
  });

  test('LVSCTL_INVENTORY names the inventory', async () => {
    expect((await lvsctl(['check'], { LVSCTL_INVENTORY: example })).code).toBe(0);
  });
});

describe('what is wrong with an inventory is shown with its place, and the exit code is 1', () => {
  const cases: [string, (text: string) => string, RegExp][] = [
    [
      'an unknown key',
      (text) => text.replace('scheduler:', 'schedular:'),
      /dr\.yaml:\d+:\d+: .*schedular[^]*scheduler/,
    ],
    ['a wrong type', (text) => text.replace('port: 80', 'port: eighty'), /dr\.yaml:\d+:\d+: .*(eighty|number)/],
    ['a YAML error', (text) => text.replace('services:', 'services: ['), /dr\.yaml:\d+:\d+: /],
    ['a host that is not there', (text) => text.replace('[lb1, lb2]', '[lb1, lb3]'), /dr\.yaml:\d+:\d+: .*lb3/],
    [
      'an address that is none',
      (text) => text.replace('10.77.0.16', '10.77.0.316'),
      /dr\.yaml:\d+:\d+: .*10\.77\.0\.316/,
    ],
    [
      'direct routing with two ports',
      (text) => text.replace('weight: 2', 'port: 8080'),
      /dr\.yaml:\d+:\d+: .*8080[^]*dr-equal-ports/,
    ],
    [
      'one VRID twice',
      (text) => `${text}\nvrrp: { A: { vrid: 7, vips: [10.77.0.100] }, B: { vrid: 7, vips: [10.77.0.101] } }\n`,
      /dr\.yaml:\d+:\d+: .*7[^]*vrid/,
    ],
    ['an empty inventory', () => '', /empty/],
    ['a host name with a quote', (text) => text.replace('  nas1:', '  "na\'s1":'), /dr\.yaml:\d+:\d+: /],
    ['a host name with a command', (text) => text.replace('  nas1:', '  "$(reboot)":'), /dr\.yaml:\d+:\d+: /],
    [
      'a path with a space',
      (text) => text.replace('root: /var/www/shared', 'root: "/var/www/my site"'),
      /dr\.yaml:\d+:\d+: /,
    ],
    [
      'a path with a line end',
      (text) => text.replace('root: /var/www/shared', 'root: "/var/www\\n}"'),
      /dr\.yaml:\d+:\d+: /,
    ],
  ];
  test.each(cases)('%s', async (_what, change, message) => {
    const path = await variant('dr.yaml', change);
    for (const command of ['check', 'plan', 'apply', 'verify', 'render']) {
      const { code, stdout, stderr } = await lvsctl([command, '-i', path]);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n +at /);
      expect(stdout).toBe('');
      expect(code).toBe(1);
    }
  });

  test('a missing file', async () => {
    const { code, stderr } = await lvsctl(['check', '-i', join(folder, 'none.yaml')]);
    expect(stderr).toContain(join(folder, 'none.yaml'));
    expect(stderr).toContain('there is no such file');
    expect(code).toBe(1);
  });

  test('--json is one document', async () => {
    const path = await variant('dr.yaml', (text) => text.replace('scheduler:', 'schedular:'));
    const { code, stdout } = await lvsctl(['check', '--json', '-i', path]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, problems: [{ rule: expect.any(String) as string }] });
    expect(code).toBe(1);
    const sound = await lvsctl(['check', '--json', '-i', example]);
    expect(JSON.parse(sound.stdout)).toEqual({ ok: true, problems: [] });
  });
});

describe('render', () => {
  test('shows every file of a host, and masks secrets', async () => {
    const path = await variant('dr.yaml', (text) => `${text}\nvrrp: { VI_1: { authPass: S3cretXy } }\n`);
    const { code, stdout } = await lvsctl(['render', '-i', path, '--limit', 'lb1']);
    expect(code).toBe(0);
    expect(stdout).toContain('# lb1:/etc/keepalived/keepalived.conf');
    expect(stdout).toContain('auth_pass ********');
    expect(stdout).not.toContain('S3cretXy');
  });

  test('--out writes them, those with secrets for the operator only', async () => {
    const out = join(folder, 'rendered');
    expect((await lvsctl(['render', '-i', example, '--out', out])).code).toBe(0);
    expect(await readFile(join(out, 'web1', 'etc/nginx/conf.d/www.conf'), 'utf8')).toContain('X-Real-Server web1');
    const { mode } = await stat(join(out, 'lb1', 'etc/keepalived/keepalived.conf'));
    expect(mode & 0o777).toBe(0o600);
  });

  test('a template error names template, line and variable', async () => {
    await mkdir(join(folder, 'templates'));
    await writeFile(join(folder, 'templates', 'exports.hbs'), '# {{inventory}}\n{{missing}}\n');
    const path = await variant('dr.yaml', (text) => `${text}\ntemplates: templates\n`);
    const { code, stderr } = await lvsctl(['render', '-i', path]);
    expect(stderr).toContain(`${join(folder, 'templates', 'exports.hbs')}:2: the variable "missing" is not defined`);
    expect(code).toBe(1);
  });
});

describe('hosts that cannot be reached', () => {
  test('exit code 3, and each is named with what was tried', async () => {
    // Nobody listens on port 1 of loopback.
    const path = join(folder, 'unreachable.yaml');
    await writeFile(
      path,
      'cluster: x\nssh: { user: root, port: 1 }\nhosts: { a: { address: 10.0.0.1, ssh: { host: 127.0.0.1 } } }\n',
    );
    for (const args of [['plan'], ['apply', '--yes'], ['verify'], ['exec', 'all', '--', 'true']]) {
      const [command = '', ...rest] = args;
      const { code, stderr, stdout } = await lvsctl([command, '-i', path, ...rest]);
      expect(`${stdout}${stderr}`).toContain('127.0.0.1');
      expect(code).toBe(3);
    }
  });

  test('a plan file that is none is refused', async () => {
    const file = join(folder, 'plan.json');
    await writeFile(file, '{}');
    const { code, stderr } = await lvsctl(['apply', file, '-i', example]);
    expect(stderr).toContain(file);
    expect(code).toBe(1);
    expect((await lvsctl(['apply', join(folder, 'no.json'), '-i', example])).stderr).toContain('ENOENT');
  });
});

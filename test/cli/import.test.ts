import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lvsctl } from './terminal.ts';

let folder: string;
let conf: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvsctl-import-'));
  conf = await write('keepalived.conf', [
    'vrrp_instance VI_1 {',
    '  interface eth0',
    '  virtual_router_id 51',
    '  priority 150',
    '  virtual_ipaddress { 10.77.0.100 }',
    '}',
    'virtual_server 10.77.0.100 80 {',
    '  lb_algo wrr',
    '  lb_kind DR',
    '  real_server 10.77.0.13 80 { TCP_CHECK { connect_timeout 2 } }',
    '}',
  ]);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

describe('arguments', () => {
  test.each<[what: string, args: readonly string[], message: RegExp]>([
    ['no file', [], /name a file to import/],
    ['a file of no director', ['--from', 'keepalived.conf'], /keepalived\.conf: write DIRECTOR=FILE/],
    ['a director without a file', ['--from', 'lb1='], /lb1=: write DIRECTOR=FILE/],
    ['an address of no host', ['x', '--address', '10.77.0.11'], /10\.77\.0\.11: write HOST=ADDRESS/],
    ['an address that is none', ['x', '--address', 'lb1=10.77.0.311'], /--address lb1=10\.77\.0\.311: that is no IP/],
    ['a kind that is none', ['x', '--kind', 'haproxy'], /haproxy/],
  ])('%s: exit code 64', async (_what, args, message) => {
    const { code, stdout, stderr } = await lvsctl(['import', ...args]);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(64);
  });

  test('a file that cannot be read: exit code 1', async () => {
    const missing = join(folder, 'missing.conf');
    const { code, stdout, stderr } = await lvsctl(['import', missing]);
    expect(stderr).toMatch(new RegExp(`^${missing}: .*ENOENT`));
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });
});

const complete = (): string[] => ['--from', `lb1=${conf}`, '--address', 'lb1=10.77.0.11', '--cluster', 'shop'];

test('the inventory goes to standard output, and what became of it to standard error', async () => {
  const { code, stdout, stderr } = await lvsctl(['import', ...complete()]);
  expect(stdout).toMatch(/^cluster: shop$/m);
  expect(stdout).toMatch(/vip: 10\.77\.0\.100/);
  expect(stderr).toMatch(/^The inventory is above: .* carried over/m);
  expect(code).toBe(0);
});

test('--out writes it for the operator only, and check finds nothing wrong with it', async () => {
  const out = join(folder, 'shop.yaml');
  const { code, stdout, stderr } = await lvsctl(['import', ...complete(), '--out', out]);
  expect(code).toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain(`${out} is written: `);
  expect(stderr).toContain('lvsctl check finds nothing wrong with it.');
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  expect(await lvsctl(['check', '-i', out])).toMatchObject({ code: 0, stderr: '' });
});

test('what an inventory cannot say is listed with its place, and at the end of the file', async () => {
  const odd = await write('odd.conf', [await readFile(conf, 'utf8'), 'no_such_block 7 {', '}']);
  const { code, stdout, stderr } = await lvsctl(['import', '--from', `lb1=${odd}`, '--address', 'lb1=10.77.0.11']);
  expect(stderr).toMatch(new RegExp(`^${odd}:13: no_such_block 7 .*\n {4}\\S`, 'm'));
  expect(stderr).toMatch(/: 1 thing not carried over, listed at its end; /);
  expect(stdout).toMatch(/# .*no_such_block 7/);
  expect(code).toBe(0);
});

test('what is missing to a sound inventory is said with the line that check would name', async () => {
  const out = join(folder, 'open.yaml');
  const { code, stderr } = await lvsctl(['import', '--from', `lb1=${conf}`, '--out', out]);
  const [, line = ''] = new RegExp(`^${out}:(\\d+): `, 'm').exec(stderr) ?? [];
  expect(stderr).toMatch(/lvsctl check finds \d+ problems? to mend\.$/m);
  expect((await lvsctl(['check', '-i', out])).stderr).toContain(`:${line}:`);
  expect(code).toBe(0);
});

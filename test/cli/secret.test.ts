import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { sharedFolder } from '../secrets/folder.ts';
import { lvsctl, type Shown } from './terminal.ts';

const shared = sharedFolder();
let folder: string;
let file: string;
let env: NodeJS.ProcessEnv;

const text = `# The shop.
cluster: shop
hosts:
  lb[1:2]: { address: 10.77.0.[11:12] }
  web1: { address: 10.77.0.13 } # the only one
directors: [lb1, lb2]
services:
  www: { vip: 10.77.0.100, port: 80, realServers: [web1] }
vrrp:
  VI_1:
    authPass: old # asked by the auditors
haproxy:
  stats: { user: ops, password: old }
  listeners: { shop: { vip: 10.77.0.101, port: 81, mode: tcp, servers: [web1] } }
`;

beforeEach(() => {
  folder = mkdtempSync(join(shared.path, 'case-'));
  file = join(folder, 'lvsctl.yaml');
  writeFileSync(file, text);
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  env = { HOME: folder, LVSCTL_INVENTORY: file, XDG_RUNTIME_DIR: join(folder, 'run') };
});

const identity = () => join(folder, '.config', 'lvsctl', 'age.txt');
const secret = (words: string[], input = ''): Promise<Shown> => lvsctl(['secret', ...words], env, input);

async function prepared(): Promise<void> {
  expect((await secret(['keygen'])).code).toBe(0);
  expect((await secret(['encrypt', '--in-place', 'vrrp.VI_1.authPass'], 'sesame\n')).code).toBe(0);
  expect((await secret(['encrypt', '--in-place', 'haproxy.stats.password'], 'hunter2-hunter2')).code).toBe(0);
}

describe('keygen', () => {
  test('makes an identity that only its owner reads, and prints the recipient alone', async () => {
    const { code, stdout, stderr } = await secret(['keygen']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^age1[0-9a-z]{58}\n$/);
    expect(stderr).not.toContain('AGE-SECRET-KEY');
    expect(statSync(identity()).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(identity())).mode & 0o777).toBe(0o700);
  });

  test('overwrites nothing', async () => {
    await secret(['keygen']);
    const before = readFileSync(identity(), 'utf8');
    expect((await secret(['keygen'])).code).toBe(1);
    expect(readFileSync(identity(), 'utf8')).toBe(before);
  });
});

describe('encrypt and decrypt', () => {
  test('in its place, and all else stays as it was', async () => {
    await prepared();
    const now = readFileSync(file, 'utf8');
    const put = (value: string) => now.replaceAll(/\n {6}age: \|\n(?: {8}\S+\n| {8}-.*\n)+/g, ` ${value}\n`);
    expect(put('X').replace(/\{ age: "[^"]+" \}/, 'old')).toBe(
      text.replace('authPass: old # asked by the auditors', 'authPass: # asked by the auditors X'),
    );
    expect((await secret(['decrypt', 'vrrp.VI_1.authPass'])).stdout).toBe('sesame\n');
    expect((await secret(['decrypt', 'haproxy.stats.password'])).stdout).toBe('hunter2-hunter2\n');
  });

  test('and every command knows the value, and none shows it', async () => {
    await prepared();
    const out = join(folder, 'out');
    const shown = await lvsctl(['render', '--out', out], env);
    expect([shown.code, shown.stderr]).toEqual([0, expect.stringContaining('written below')]);
    expect(readFileSync(join(out, 'lb1/etc/keepalived/keepalived.conf'), 'utf8')).toContain('auth_pass sesame');
    for (const words of [['render'], ['render', '--json'], ['check'], ['check', '--json']]) {
      const { code, stdout, stderr } = await lvsctl(words, env);
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/sesame|hunter2/);
    }
  });

  test('printed to be pasted, for the recipients of the inventory', async () => {
    const other = join(folder, 'other.txt');
    const { stdout: recipient } = await secret(['keygen', '--out', other]);
    writeFileSync(file, `${text}secrets: { recipients: [${recipient.trim()}] }\n`);
    const { code, stdout } = await secret(['encrypt'], 'open');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^age: \|\n {2}-----BEGIN AGE ENCRYPTED FILE-----\n( {2}\S+\n)+ {2}-----END AGE ENCRYPTED FILE-----\n$/,
    );
    writeFileSync(file, `vars:\n  a:\n${stdout.replaceAll(/^(?=.)/gm, '    ')}`);
    await secret(['keygen']);
    const refused = await secret(['decrypt', 'vars.a']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('encrypted for others')]);
    env['LVSCTL_AGE_IDENTITY'] = other;
    expect((await secret(['decrypt', 'vars.a'])).stdout).toBe('open\n');
  });

  test.each<[string, string[], string, number, RegExp]>([
    ['a path that is none', ['encrypt', '--in-place', 'a..b'], 'x', 64, /is no path/],
    ['a path where nothing stands', ['encrypt', '--in-place', 'vrrp.VI_2.authPass'], 'x', 64, /nothing stands at/],
    ['a recipient that is none', ['encrypt', '--recipient', 'bob'], 'x', 64, /"bob" is no age recipient/],
    ['nothing to encrypt', ['encrypt'], '\n', 1, /nothing on standard input/],
    ['too much to encrypt', ['encrypt'], 'x'.repeat(300_000), 1, /larger than 256 KiB/],
    ['a value that is not encrypted', ['decrypt', 'vrrp.VI_1.authPass'], '', 64, /nothing encrypted stands at/],
    ['nothing to decrypt', ['decrypt', 'vrrp.VI_9'], '', 64, /nothing stands at/],
    ['an inventory that is not there', ['decrypt', 'a', '-i', '/none.yaml'], '', 1, /no such file/],
    ['a missing argument', ['decrypt'], '', 64, /PATH/],
    ['an unknown flag', ['edit', '--force'], '', 64, /force/],
  ])('refused is %s', async (_, words, input, code, message) => {
    await secret(['keygen']);
    const shown = await secret(words, input);
    expect([shown.code, shown.stdout]).toEqual([code, '']);
    expect(shown.stderr).toMatch(message);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('nobody to encrypt for', async () => {
    const { code, stderr } = await secret(['encrypt'], 'x');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/nobody to encrypt for[^]*keygen/)]);
  });
});

describe('edit', () => {
  /** An editor that does this to the file `$1`, and notes how it found it. */
  function editor(script: string): void {
    const program = join(folder, 'my editor');
    writeFileSync(
      program,
      `#!/bin/sh\nstat -c '%a' "$1" "$(dirname "$1")" >"${folder}/found"\ncp "$1" "${folder}/seen"\n${script}\n`,
    );
    chmodSync(program, 0o755);
    env['EDITOR'] = `"${program}"`;
  }
  const left = () => readdirSync(join(folder, 'run'));

  test('encrypts anew what was changed, and only that', async () => {
    await prepared();
    const before = readFileSync(file, 'utf8');
    editor(`sed -i 's/sesame/0123/' "$1"; echo backup >"$1~"`);
    const { code, stderr, stdout } = await secret(['edit']);
    expect([code, stdout, stderr]).toEqual([0, '', '1 secret encrypted anew.\n']);
    expect(readFileSync(join(folder, 'found'), 'utf8')).toBe('600\n700\n');
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toMatch(
      /vrrp\.VI_1\.authPass: sesame\nhaproxy\.stats\.password: hunter2-hunter2\n$/,
    );
    expect(left()).toEqual([]);
    expect((await secret(['decrypt', 'vrrp.VI_1.authPass'])).stdout).toBe('0123\n');
    const flow = /password: \{ age: "[^"]+" \}/;
    expect(flow.exec(readFileSync(file, 'utf8'))?.[0]).toBe(flow.exec(before)?.[0]);
  });

  test('touches nothing when nothing was changed', async () => {
    await prepared();
    const before = readFileSync(file, 'utf8');
    editor(':');
    expect(await secret(['edit'])).toMatchObject({ code: 0, stderr: 'Nothing was changed.\n' });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(left()).toEqual([]);
  });

  test.each([
    ['the editor fails', `sed -i 's/sesame/changed/' "$1"; exit 3`, /ended with exit code 3/],
    ['it is no YAML any more', `echo '[' >>"$1"; echo 'x: changed' >>"$1"`, /line \d+ is not YAML/],
    ['a key is gone', `sed -i '/authPass/d; s/hunter2/changed/' "$1"`, /the key vrrp\.VI_1\.authPass is gone/],
    ['a key is new', `echo 'a: changed' >>"$1"`, /a key that was not there/],
    ['a secret is gone', `sed -i 's/sesame//; s/hunter2/changed/' "$1"`, /authPass has no text/],
    [
      'the inventory was changed meanwhile',
      `echo '# changed' >>"$LVSCTL_INVENTORY"; sed -i 's/sesame/changed/' "$1"`,
      /changed by somebody else/,
    ],
  ])('loses nothing when %s', async (_, script, message) => {
    await prepared();
    const before = readFileSync(file, 'utf8');
    editor(script);
    const { code, stderr } = await secret(['edit']);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/sesame|hunter2/);
    expect(readFileSync(file, 'utf8').replace('# changed\n', '')).toBe(before);
    const kept = /is kept in (\S+),/.exec(stderr)?.[1] ?? '';
    expect(readFileSync(kept, 'utf8')).toContain('changed');
    expect(statSync(kept).mode & 0o777).toBe(0o600);
  });

  test('keeps nothing when the editor fails before anything was written', async () => {
    await prepared();
    editor('exit 1');
    expect((await secret(['edit'])).code).toBe(1);
    expect(left()).toEqual([]);
  });

  test('takes another folder when XDG_RUNTIME_DIR is open to others', async () => {
    await prepared();
    chmodSync(join(folder, 'run'), 0o777);
    editor(`dirname "$1" >"${folder}/where"`);
    expect((await secret(['edit'])).code).toBe(0);
    const where = readFileSync(join(folder, 'where'), 'utf8').trim();
    expect(where).not.toContain(folder);
    expect(existsSync(where)).toBe(false);
  });

  test('without an encrypted value says how to get one', async () => {
    await secret(['keygen']);
    expect(await secret(['edit'])).toMatchObject({ code: 1, stderr: expect.stringContaining('--in-place') as unknown });
  });
});

test('what is removed was overwritten', async () => {
  const { makePrivateFolder, shredFolder } = await import('../../src/secrets/private-folder.ts');
  const made = makePrivateFolder(env);
  const inside = join(made, 'secrets.yaml');
  writeFileSync(inside, 'sesame'.repeat(20_000), { mode: 0o600 });
  const { linkSync } = await import('node:fs');
  const witness = join(folder, 'witness');
  try {
    linkSync(inside, witness);
    shredFolder(made);
    expect(readFileSync(witness)).toEqual(Buffer.alloc(120_000));
    expect(existsSync(made)).toBe(false);
  } finally {
    rmSync(witness, { force: true });
  }
});

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encryptText, newIdentity } from '../../src/secrets/age.ts';
import { boot, type Ended, type World } from './support.ts';

/*
 * A secret is planted at each place that takes one, from each source. After every command in every mode it must be in no output,
 * no saved plan, no process list, no log and no temporary file: only in the files it belongs in. Proven to fail: with
 * maskWrites() and redact() taken out of the way the first command shows them; with `printf %s VALUE` in a script they are in the
 * process list.
 */
const markers = {
  authPass: 'Zq7pass9',
  stats: 'Zq7stats-Kx81wv',
  token: 'Zq7token-93jQmm',
  config: 'Zq7config-5501-Lr',
  failing: 'Zq7failing-88-Hs',
};

const hosts = `cluster: vault
ssh: { user: root }
hosts:
  lb1: { address: 10.77.0.11 }
  web1: { address: 10.77.0.13 }
`;

/** Without a terminal there are no colours but by mistake; plain text is among the runs below. */
const modes = [['--json'], ['--verbose', '--no-color']];

let world: World;
let folder: string;
let inventory: string;
let env: Record<string, string>;
/** A line from the middle of the private key. */
let keyLine: string;

const inventoryText = (armoured: string, more = '') => `${hosts}directors: [lb1]
vrrp: { VI_1: { vrid: 51, authPass: { command: [cat, password] } } }
services:
  www: { vip: 10.77.0.100, port: 80, check: { http: /healthz }, realServers: [web1] }
haproxy:
  stats: { user: ops, password: { age: ${JSON.stringify(armoured)} } }
  listeners:
    secure: { vip: 10.77.0.102, port: 443, tls: { certificate: site.crt, key: site.key }, servers: [web1], serverPort: 80 }
nginx:
  www: { hosts: [web1], body: here, health: /healthz }
apps:
  token:
    hosts: [web1]
    files:
      /etc/token: { content: { env: LVSCTL_TEST_TOKEN } }
      /etc/token.conf: { source: token.conf, secret: true }
${more}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvsctl-secrets-e2e-'));
  await writeFile(join(folder, 'hosts.yaml'), hosts);
  world = await boot('warm', join(folder, 'hosts.yaml'));
  for (const part of ['inventory', 'home', 'state', 'run']) await mkdir(join(folder, part), { mode: 0o700 });
  const place = (name: string) => join(folder, 'inventory', name);
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=vault.example'],
    ...['-keyout', place('site.key'), '-out', place('site.crt')],
  ]);
  keyLine = (await readFile(place('site.key'), 'utf8')).split('\n')[9] ?? '';
  expect(keyLine).toHaveLength(64);
  const { identity, recipient } = await newIdentity();
  await writeFile(place('age.txt'), `${identity}\n`, { mode: 0o600 });
  const encrypted = await encryptText(markers.stats, [recipient]);
  const armoured = encrypted.ok ? encrypted.value : '';
  await writeFile(place('password'), `${markers.authPass}\n`);
  await writeFile(place('token.conf'), `listen 8080\ntoken ${markers.config}\n`);
  inventory = place('lvsctl.yaml');
  await writeFile(inventory, inventoryText(armoured));
  // What a host prints while a step fails is shown: here the candidate itself.
  await writeFile(
    place('failing.yaml'),
    inventoryText(
      armoured,
      `      /etc/failing: { content: ${markers.failing}, secret: true, validate: [cat, '%s', /nonexistent] }\n`,
    ),
  );
  env = {
    LVSCTL_INVENTORY: inventory,
    LVSCTL_TEST_TOKEN: markers.token,
    LVSCTL_AGE_IDENTITY: place('age.txt'),
    HOME: join(folder, 'home'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    TMPDIR: join(folder, 'run'),
  };
});
afterAll(async () => {
  await (world as World | undefined)?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Everything that must not be seen: the secrets, and what base64 makes of them. */
function forbidden(): string[] {
  const all = [...Object.values(markers), keyLine];
  return [...all, ...all.map((marker) => Buffer.from(marker).toString('base64').slice(0, -4)), 'AGE-SECRET-KEY'];
}

function expectNone(what: string, text: string): void {
  for (const marker of forbidden()) expect(text.includes(marker), `${marker} in ${what}`).toBe(false);
}

async function lvsctl(...args: string[]): Promise<Ended> {
  const ended = await world.lvsctl(args, env);
  expectNone(args.join(' '), ended.stdout + ended.stderr);
  return ended;
}

/** Python for a host: what the command lines and environments of its processes are, again and again, each text once. */
const sampler = `
import glob, os, time
seen = set()
with open("/root/samples", "wb") as out:
    while not os.path.exists("/root/enough"):
        for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
            try:
                text = open(path, "rb").read().replace(b"\\0", b"\\n")
            except OSError:
                continue
            if text not in seen:
                seen.add(text)
                out.write(text + b"\\n")
        out.flush()
        time.sleep(0.05)
`;

/** Looks at the command lines of this machine, and of the hosts with the environments there, again and again. */
async function watchProcesses(): Promise<() => Promise<string>> {
  for (const host of ['lb1', 'web1']) {
    const start = 'nohup python3 /root/sampler.py >/dev/null 2>&1 </dev/null &';
    await world.on(host, `cat >/root/sampler.py <<'end'\n${sampler}\nend\n${start}`);
  }
  const own = new Set<string>();
  const timer = setInterval(() => {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        own.add(readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' '));
      } catch {
        // It has ended.
      }
    }
  }, 50);
  return async () => {
    clearInterval(timer);
    let seen = [...own].join('\n');
    expect(seen).toContain('dist/main.js apply');
    for (const host of ['lb1', 'web1']) {
      const samples = await world.on(
        host,
        'touch /root/enough; sleep 0.5; cat /root/samples; rm /root/samples /root/enough /root/sampler.py',
      );
      expect(samples).toContain('sshd');
      seen += samples;
    }
    return seen;
  };
}

test('before anything is applied: no command shows a secret', async () => {
  for (const mode of modes) {
    expect((await lvsctl('check', ...mode)).code).toBe(0);
    expect((await lvsctl('render', ...mode)).stdout).toContain('********');
    expect((await lvsctl('plan', ...mode)).code).toBe(0);
  }
  const saved = join(folder, 'state', 'plan.json');
  expect((await lvsctl('plan', '-o', saved)).code).toBe(0);
  expectNone('the saved plan', await readFile(saved, 'utf8'));
  const out = join(folder, 'state', 'rendered');
  expect((await lvsctl('render', '--out', out)).code).toBe(0);
  const written = await readFile(join(out, 'web1/etc/token'), 'utf8');
  expect(written).toBe(`${markers.token}\n`);
  const { stdout } = await world.run(['find', out, '-type', 'f', '-perm', '/077', '-exec', 'cat', '{}', '+']);
  expectNone('files that others may read', stdout);
  await rm(out, { recursive: true });
});

// Promise 7. Broken on purpose: `find` of KnownSecrets found nothing; this then fails at `apply --verbose`, which showed what the host
// had printed, and the test before it at `render --json`.
test('a failing apply, with a host that prints what it was sent', async () => {
  for (const mode of ['--verbose', '--json']) {
    const failed = await lvsctl('apply', '--yes', mode, '-i', join(folder, 'inventory', 'failing.yaml'));
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain('nonexistent');
    expect(failed.stdout + failed.stderr).toContain('********');
  }
  expect(await world.on('web1', 'ls /etc/failing* 2>&1 || :')).toMatch(/No such file/);
});

test('an apply, and all that is done with a cluster in service', async () => {
  const stop = await watchProcesses();
  let seen: string;
  try {
    const applied = await lvsctl('apply', '--yes', '--verbose');
    expect(`${applied.code} ${applied.stderr}`).toMatch(/^0 /);
  } finally {
    seen = await stop();
  }
  for (const marker of forbidden()) expect(seen.includes(marker), `${marker} in a process list`).toBe(false);
  expect((await lvsctl('plan', '--exit-code')).code).toBe(0);
  for (const mode of modes) {
    for (const command of ['verify', 'status', 'facts', 'plan']) expect((await lvsctl(command, ...mode)).code).toBe(0);
  }
  await lvsctl('drain', 'web1', '--force', '--timeout', '0');
  await lvsctl('undrain', 'web1');
  for (const mode of [[], ['--json']]) {
    const echoed = await lvsctl('exec', 'all', ...mode, '--', 'cat /etc/token /etc/keepalived/keepalived.conf 2>&1');
    expect(echoed.stdout).toContain('********');
    await lvsctl(
      'exec',
      'all',
      ...mode,
      '--',
      'cat /etc/haproxy/*.pem /etc/haproxy/*/*.pem 2>/dev/null; base64 -w 60 /etc/token; base64 /etc/token.conf >&2',
    );
  }
});

/** Finds files with a secret; the patterns are such that they do not find themselves. */
function finder(): string {
  const patterns = [...Object.values(markers), keyLine].map((marker) =>
    Array.from(marker.slice(0, 24), (sign, n) => (n === 0 || sign === '+' ? `[${sign}]` : sign)).join(''),
  );
  return patterns.map((pattern) => `-e '${pattern}'`).join(' ');
}

// Promise 7, nobody gets in. Broken on purpose: keepalived.conf was made with mode 0644; this then fails at it, and the first test at what
// `render` wrote for others to read.
test('on the hosts they are in the files they belong in, which only root reads, and nowhere else', async () => {
  const found: string[] = [];
  for (const host of ['lb1', 'web1']) {
    const files = await world.on(
      host,
      `grep -rlIE ${finder()} /etc /var /tmp /run /root /dev/shm /home 2>/dev/null || :`,
    );
    for (const file of files.split('\n').filter(Boolean)) {
      const [mode = '', owner] = (await world.on(host, `stat -c '%a %U' ${file}`)).trim().split(' ');
      expect(mode.endsWith('0'), `${host} ${file} ${mode}`).toBe(true);
      expect(owner).toBe('root');
      found.push(`${host} ${file}`);
    }
    expect(await world.on(host, `journalctl --no-pager -o cat | grep -E ${finder()} || :`), 'the journal').toBe('');
    expect(await world.on(host, `dmesg | grep -E ${finder()} || :`)).toBe('');
  }
  const belong = [/keepalived\.conf$/, /haproxy\.cfg$/, /\.pem$/, / \/etc\/token$/, / \/etc\/token\.conf$/];
  for (const pattern of belong)
    expect(
      found.filter((file) => pattern.test(file)),
      String(pattern),
    ).toHaveLength(1);
  expect(found).toHaveLength(belong.length);
});

test('after a teardown they are nowhere', async () => {
  const gone = await lvsctl('teardown', '--yes', '--verbose');
  expect(`${gone.code} ${gone.stderr}`).toMatch(/^0 /);
  for (const host of ['lb1', 'web1'])
    expect(
      await world.on(host, `grep -rlIE ${finder()} /etc /var /tmp /run /root /dev/shm /home 2>/dev/null || :`),
    ).toBe('');
});

test('on the machine of the operator nothing was left: no log, no temporary file', async () => {
  const files: string[] = [];
  for (const part of ['home', 'state', 'run']) {
    for (const entry of await readdir(join(folder, part), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  for (const file of files) expectNone(file, await readFile(file, 'latin1'));
  expect(await readdir(join(folder, 'run'))).toEqual([]);
});

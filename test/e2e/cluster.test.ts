import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nothingLost, underLoad } from './load.ts';
import { boot, type World } from './support.ts';

/** A plan as `plan --json` prints it, as far as the tests look at it. */
interface PlanDocument {
  readonly summary: string;
  readonly steps: readonly { stage: string; host: string; resource: string; action: string; impact: string }[];
}

/** What `verify --json` prints, as far as the tests look at it. */
interface VerifyDocument {
  readonly ok: boolean;
  readonly findings: readonly { check: string; where: string; status: string }[];
}

const webs = ['web1', 'web2', 'web3'];
let world: World;

// One boot for all: the tests tell one story, from blank hosts to a reboot of every one of them.
beforeAll(async () => {
  world = await boot('blank');
});
afterAll(async () => {
  await world.close();
});

async function plan(args: readonly string[] = []): Promise<PlanDocument> {
  const { stdout } = await world.lvsctl(['plan', '--json', ...args]);
  return JSON.parse(stdout) as PlanDocument;
}

/** `HOST ACTION RESOURCE` of every step but the preparations, sorted. */
async function plannedSteps(args: readonly string[] = []): Promise<string[]> {
  const { steps } = await plan(args);
  return steps
    .filter(({ stage }) => stage !== 'prepare')
    .map(({ host, action, resource }) => `${host} ${action} ${resource}`)
    .sort();
}

async function expectNoChanges(): Promise<void> {
  const { code, stdout } = await world.lvsctl(['plan', '--exit-code']);
  expect(stdout).toContain('No changes: 7 hosts as the inventory wants them.');
  expect(code).toBe(0);
}

async function failedChecks(): Promise<string[]> {
  const { stdout } = await world.lvsctl(['verify', '--json']);
  const { findings } = JSON.parse(stdout) as VerifyDocument;
  return [...new Set(findings.filter(({ status }) => status === 'failed').map(({ check }) => check))].sort();
}

describe('from blank hosts', () => {
  test('a blank host is planned completely', async () => {
    const { code, stdout, stderr } = await world.lvsctl(['plan', '--exit-code']);
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/✖|error/i);
    for (const stage of ['prepare', 'packages', 'storage', 'real-servers', 'directors'])
      expect(stdout).toContain(`\n${stage}`);
    expect(stdout).toMatch(/Plan: \d+ to create, \d+ to change, \d+ to remove on 6 hosts/);
  });

  test('without a terminal and without --yes nothing is applied', async () => {
    const { code, stderr } = await world.lvsctl(['apply']);
    expect(code).toBe(1);
    expect(stderr).toContain('Nothing was changed');
    expect(await world.on('lb1', 'ls /etc')).not.toContain('keepalived');
  });

  test('a package that does not exist changes no host', async () => {
    const inventory = await world.variant(
      'no-such-package',
      (text) => `${text}\npackages: { no-such-package: present }\n`,
    );
    const { code, stdout } = await world.lvsctl(['apply', '--yes', '-i', inventory]);
    expect(code).toBe(1);
    expect(stdout).toContain('no-such-package');
    expect(stdout).toContain('Not begun: packages, storage, real-servers, directors');
    for (const host of ['lb1', 'web1', 'nas1']) {
      expect(
        await world.on(host, 'dpkg -l keepalived nginx nfs-kernel-server 2>/dev/null | grep ^ii || echo none'),
      ).toBe('none\n');
    }
  });

  test('apply deploys and proves the cluster', async () => {
    const { code, stdout, stderr } = await world.lvsctl(['apply', '--yes']);
    expect(stdout + stderr).toContain('Applied.');
    expect(`${code} ${stdout}`).toMatch(/^0 /);
  });

  test('a second plan has nothing to do', expectNoChanges);

  test('a plan is one login a host', async () => {
    const logins = (): Promise<string> =>
      world.on('web1', 'journalctl -q -o cat --no-pager | grep -c "^Accepted publickey"');
    const before = Number(await logins());
    await expectNoChanges();
    // The number itself is asked for over a connection that is kept.
    expect(Number(await logins())).toBe(before + 1);
  });

  test('every real server answers, and the client sees which', async () => {
    const line =
      'for i in $(seq 12); do curl -s -m 3 -D - -o /dev/null http://10.77.0.100/healthz | sed -n "s/^X-Real-Server: //p"; done';
    const seen = (await world.on('probe1', line)).trim().split(/\s+/);
    expect(seen).toHaveLength(12);
    expect([...new Set(seen)].sort()).toEqual(webs);
    // wrr with weights 1, 1, 2.
    expect(seen.filter((name) => name === 'web3')).toHaveLength(6);
  });

  test('an unprivileged login with sudo sees the same', async () => {
    const inventory = await world.variant('sudo', (text) =>
      text.replace('ssh: { user: root }', 'ssh: { user: ops }\nbecome: sudo'),
    );
    const { code, stdout } = await world.lvsctl(['plan', '--exit-code', '-i', inventory]);
    expect(stdout).toContain('No changes');
    expect(code).toBe(0);
    const root = await world.lvsctl(['exec', 'web1', '-i', inventory, '--', 'id', '-u']);
    expect(root.stdout).toBe('web1 0\n');
  });

  test('an unprivileged login without sudo is told what to set', async () => {
    const inventory = await world.variant('no-sudo', (text) =>
      text.replace('ssh: { user: root }', 'ssh: { user: ops }\nbecome: none'),
    );
    const { code, stderr } = await world.lvsctl(['plan', '-i', inventory]);
    expect(code).toBe(1);
    expect(stderr).toContain('which is not root');
    expect(stderr).toContain('become: sudo');
  });
});

describe('what was changed by hand', () => {
  test('each difference is shown, and apply mends just that', async () => {
    await world.on(
      'web1',
      'echo "# by hand" >>/etc/nginx/conf.d/www.conf; chmod 600 /etc/sysctl.d/99-zz-lvsctl-real-server.conf',
    );
    await world.on('web2', 'systemctl stop nginx; ip addr del 10.77.0.100/32 dev lo');
    await world.on('web2', 'sysctl -q -w net.ipv4.conf.eth0.arp_ignore=3 net.ipv4.conf.all.arp_announce=0');
    await world.on(
      'web3',
      'umount /var/www/shared; sed -i "/shared/s/hard/soft/" /etc/fstab; systemctl -q disable nginx',
    );
    await world.on('nas1', 'exportfs -u 10.77.0.14:/srv/www');
    await world.on(
      'lb2',
      'DEBIAN_FRONTEND=noninteractive apt-get -qq -y remove ipvsadm >/dev/null; rm /etc/modules-load.d/lvsctl-director.conf',
    );
    expect(await plannedSteps()).toEqual([
      'lb2 create file /etc/modules-load.d/lvsctl-director.conf',
      'lb2 create package ipvsadm',
      'nas1 create export /srv/www to 10.77.0.14',
      'web1 run service nginx.service',
      'web1 update file /etc/nginx/conf.d/www.conf',
      'web1 update file /etc/sysctl.d/99-zz-lvsctl-real-server.conf',
      'web2 create address 10.77.0.100/32 on lo',
      'web2 update service nginx.service',
      'web2 update sysctl net.ipv4.conf.all.arp_announce',
      'web2 update sysctl net.ipv4.conf.eth0.arp_ignore',
      'web3 create mount /var/www/shared',
      'web3 update mount /var/www/shared',
      'web3 update service nginx.service',
    ]);
    const started = await world.on('web1', 'systemctl show -P ActiveEnterTimestampMonotonic nginx');
    const { code, stdout } = await world.lvsctl(['apply', '--yes']);
    expect(`${code} ${stdout}`).toMatch(/^0 /);
    // The web server took its configuration by a reload.
    expect(await world.on('web1', 'systemctl show -P ActiveEnterTimestampMonotonic nginx')).toBe(started);
    await expectNoChanges();
  });

  test('a package that was installed by hand and must not be there is removed', async () => {
    const inventory = await world.variant('no-socat', (text) => `${text}\npackages: { socat: absent }\n`);
    await world.on(
      'probe1',
      'DEBIAN_FRONTEND=noninteractive apt-get -qq -y update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install socat >/dev/null 2>&1',
    );
    expect(await plannedSteps(['-i', inventory])).toEqual(['probe1 delete package socat']);
    const { code } = await world.lvsctl(['apply', '--yes', '-i', inventory]);
    expect(code).toBe(0);
    expect(await plannedSteps(['-i', inventory])).toEqual([]);
  });

  test('a reload that a run still owed is done', async () => {
    await world.on('lb1', 'sleep 1; touch /etc/keepalived/keepalived.conf');
    expect(await plannedSteps()).toEqual(['lb1 run service keepalived.service']);
    expect((await world.lvsctl(['apply', '--yes', '--limit', 'lb1'])).code).toBe(0);
    await expectNoChanges();
  });

  test('a changed keepalived.conf is a reload, which no request notices', async () => {
    const inventory = await world.variant('weights', (text) => text.replace('weight: 2', 'weight: 3'));
    const started = await world.on('lb1', 'systemctl show -P ActiveEnterTimestampMonotonic keepalived');
    const load = await underLoad(world, 20, ['http://10.77.0.100:80/healthz'], async () => {
      const { code, stdout } = await world.lvsctl(['apply', '--yes', '-i', inventory]);
      expect(`${code} ${stdout}`).toMatch(/^0 /);
    });
    expect(load).toMatch(nothingLost);
    expect(await world.on('lb1', 'systemctl show -P ActiveEnterTimestampMonotonic keepalived')).toBe(started);
    expect(await world.on('lb1', 'ipvsadm -Ln')).toMatch(/10\.77\.0\.15:80 +Route +3 /);
    expect((await world.lvsctl(['apply', '--yes', '--limit', 'lb1,lb2'])).code).toBe(0);
  });
});

describe('a saved plan', () => {
  test('does just what it shows, and is refused once it would not', async () => {
    const file = join(world.folder, 'plan.json');
    await world.on('web1', 'rm /etc/nginx/conf.d/www.conf');
    expect((await world.lvsctl(['plan', '-o', file, '--limit', 'web1,web2'])).code).toBe(0);
    await world.on('web2', 'chmod 600 /etc/nginx/conf.d/www.conf');
    const refused = await world.lvsctl(['apply', '--yes', file]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('out of date');
    expect(refused.stderr).toContain('web2: file /etc/nginx/conf.d/www.conf would be changed as well');
    expect(await world.on('web1', 'ls /etc/nginx/conf.d')).toBe('');
    await world.on('web2', 'chmod 644 /etc/nginx/conf.d/www.conf');
    const applied = await world.lvsctl(['apply', '--yes', file]);
    expect(`${applied.code} ${applied.stderr}`).toMatch(/^0 /);
    await expectNoChanges();
  });
});

describe('what cannot be done leaves every host as it was', () => {
  test('nginx refuses the configuration', async () => {
    await mkdir(join(world.folder, 'bad-nginx', 'templates'), { recursive: true });
    await writeFile(
      join(world.folder, 'bad-nginx', 'templates', 'nginx-site.conf.hbs'),
      'server { listen {{port}}; no_such_directive on; }\n',
    );
    const inventory = await world.variant('bad-nginx', (text) => `${text}\ntemplates: templates\n`);
    const before = await world.on(
      'web1',
      'stat -c "%y %a %s" /etc/nginx/conf.d/www.conf; ls -A /etc/nginx/conf.d /var/lib/lvsctl',
    );
    const { code, stdout } = await world.lvsctl(['apply', '--yes', '--limit', 'web1', '-i', inventory]);
    expect(code).toBe(1);
    expect(stdout).toContain('unknown directive "no_such_directive"');
    expect(stdout).toContain('Failed on web1.');
    expect(stdout).not.toContain('Applied.');
    expect(
      await world.on('web1', 'stat -c "%y %a %s" /etc/nginx/conf.d/www.conf; ls -A /etc/nginx/conf.d /var/lib/lvsctl'),
    ).toBe(before);
  });

  test('keepalived refuses the configuration', async () => {
    await mkdir(join(world.folder, 'bad-keepalived', 'templates', 'keepalived'), { recursive: true });
    const part = join('templates', 'keepalived', 'global.hbs');
    const own = await readFile(join(import.meta.dirname, '..', '..', part), 'utf8');
    await writeFile(join(world.folder, 'bad-keepalived', part), own.replace('router_id', 'no_such_keyword'));
    const inventory = await world.variant('bad-keepalived', (text) => `${text}\ntemplates: templates\n`);
    const { code, stdout } = await world.lvsctl(['apply', '--yes', '--limit', 'lb1,lb2', '-i', inventory]);
    expect(code).toBe(1);
    expect(stdout).toContain("Unknown keyword 'no_such_keyword'");
    // The backup is changed first: the one that holds the VIP was not touched.
    expect(stdout).toContain('Failed on lb2.');
    await expectNoChanges();
  });

  test('a full disk', async () => {
    const inventory = await world.variant('full', (text) => text.replace('/healthz', '/health'));
    await world.on('web1', 'cat /dev/zero >/var/tmp/fill 2>/dev/null; sync; true');
    const { code, stdout, stderr } = await world.lvsctl(['apply', '--yes', '--limit', 'web1', '-i', inventory]);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('No space left on device');
    await world.on('web1', 'rm /var/tmp/fill; sync');
    await expectNoChanges();
  });

  test('a lock of the package manager is waited for, and said', async () => {
    // Until a stage has begun, however long that takes, and some seconds more.
    await world.on(
      'probe1',
      `python3 -c '
import fcntl, glob, time
lock = open("/var/lib/dpkg/lock-frontend", "w"); fcntl.lockf(lock, fcntl.LOCK_EX); end = time.time() + 120
while time.time() < end and not glob.glob("/var/lib/lvsctl/run-*/*/"): time.sleep(0.2)
time.sleep(4)' >/dev/null 2>&1 </dev/null &`,
    );
    const inventory = await world.variant('tcpdump', (text) => `${text}\npackages: { tcpdump: present }\n`);
    const { code, stdout, stderr } = await world.lvsctl(['apply', '--yes', '--limit', 'probe1', '-i', inventory]);
    expect(stderr).toMatch(/probe1 waits for the lock of the package manager, held by process \d+ \(python3\)/);
    expect(`${code} ${stdout}`).toMatch(/^0 /);
  });

  test('a host that does not answer', async () => {
    const inventory = await world.variant('absent', (text) =>
      text.replace('  nas1:', '  web9: { address: 10.77.0.99 }\n  nas1:'),
    );
    const { code, stdout, stderr } = await world.lvsctl(['apply', '--yes', '-i', inventory]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/web9.*10\.77\.0\.99/);
    expect(stderr).toContain('Nothing was changed on any host.');
    expect(stdout).not.toContain('Applied');
  });

  test('a login that is refused', async () => {
    const inventory = await world.variant('stranger', (text) => text.replace('user: root', 'user: stranger'));
    const { code, stderr } = await world.lvsctl(['plan', '-i', inventory]);
    expect(code).toBe(3);
    expect(stderr).toContain('stranger');
  });

  test('a host key that has changed, and one that is not known', async () => {
    const known = await readFile(world.lab.layout.knownHosts, 'utf8');
    const line = known.split('\n').find((one) => one.includes('10.77.0.14')) ?? '';
    const changed = join(world.folder, 'changed');
    await writeFile(
      changed,
      known
        .split('\n')
        .map((one) =>
          one.includes('10.77.0.13') ? line.replace('10.77.0.14', '10.77.0.13').replace('web2', 'web1') : one,
        )
        .join('\n'),
    );
    const refused = await world.lvsctl(['plan'], { LVSCTL_KNOWN_HOSTS: changed });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/web1.*changed/i);
    expect(refused.stderr).toContain(changed);

    const none = join(world.folder, 'none');
    const unknown = await world.lvsctl(['plan', '--limit', 'web1'], { LVSCTL_KNOWN_HOSTS: none });
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toMatch(/SHA256:/);
    expect((await world.lvsctl(['plan', '--limit', 'web1', '--accept-new'], { LVSCTL_KNOWN_HOSTS: none })).code).toBe(
      0,
    );
    expect((await world.lvsctl(['plan', '--limit', 'web1'], { LVSCTL_KNOWN_HOSTS: none })).code).toBe(0);
  });

  test('a template with a variable that is not defined', async () => {
    await mkdir(join(world.folder, 'bad-template', 'templates'), { recursive: true });
    await writeFile(
      join(world.folder, 'bad-template', 'templates', 'exports.hbs'),
      '# {{inventory}}\n{{nothing.here}}\n',
    );
    const inventory = await world.variant('bad-template', (text) => `${text}\ntemplates: templates\n`);
    const { code, stderr } = await world.lvsctl(['apply', '--yes', '-i', inventory]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/bad-template\/templates\/exports\.hbs:2: the variable "nothing\.here" is not defined/);
  });
});

describe('verify', () => {
  test('finds what is wrong', async () => {
    expect(await failedChecks()).toEqual([]);
    await world.on('lb2', 'ipvsadm -C');
    await world.on('web1', 'ip addr del 10.77.0.100/32 dev lo');
    await world.on('web2', 'sysctl -q -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.eth0.arp_ignore=0');
    await world.on('web3', 'umount -l /var/www/shared');
    const found = await failedChecks();
    for (const check of ['as-planned', 'ipvs-table', 'real-server-arp', 'nfs-mounted']) expect(found).toContain(check);
  });

  test('apply mends what is a difference', async () => {
    // keepalived does not put back what was cleared from the table: that takes a restart by hand.
    await world.on('lb2', 'systemctl restart keepalived');
    const { code, stdout } = await world.lvsctl(['apply', '--yes']);
    expect(`${code} ${stdout}`).toMatch(/^0 /);
  });

  test('a stopped nginx leaves the table and comes back, and requests are answered', async () => {
    await world.on('web1', 'systemctl stop nginx');
    await world.eventually('lb1', '! ipvsadm -Ln | grep -q 10.77.0.13');
    const codes = await world.on(
      'probe1',
      'for i in $(seq 12); do curl -s -m 3 -o /dev/null -w "%{http_code}\\n" http://10.77.0.100/healthz; done | sort -u',
    );
    expect(codes).toBe('200\n');
    await world.on('web1', 'systemctl start nginx');
    await world.eventually('lb1', 'ipvsadm -Ln | grep -q 10.77.0.13');
    await world.eventually('lb2', 'ipvsadm -Ln | grep -q 10.77.0.13');
  });
});

describe('after a reboot of every host', () => {
  test('verify holds with nothing applied', async () => {
    await world.reboot(world.lab.hosts.map(({ name }) => name));
    const { code, stdout } = await world.lvsctl(['verify', '--wait', '60']);
    expect(`${code} ${stdout}`).toMatch(/^0 /);
    await expectNoChanges();
  });
});

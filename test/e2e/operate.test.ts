import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nothingLost, underLoad } from './load.ts';
import { boot, type World } from './support.ts';
import { differences, traceAfterPackages, tracesAfterPackages, tracesOf } from './traces.ts';

/** What the example says of web3 among the real servers. */
const web3 = ', { host: web3, weight: 2 }';

/** What `status --json` prints, as far as the tests look at it. */
interface StatusDocument {
  readonly vips: readonly { vip: string; holders: readonly string[] }[];
  readonly services: readonly { name: string; servers: readonly { host: string; state: string; weight: number }[] }[];
  readonly drained: readonly string[];
}

let world: World;
/** The example as it was before there was a web3. */
let smaller: string;
/** How web3 was when it had its packages and nothing else. */
let untouched: string;
/** How the others were, which had their packages from the beginning. */
let others: ReadonlyMap<string, string>;

// All hosts have their packages but web3, which is blank as far as lvsctl is concerned.
beforeAll(async () => {
  world = await boot('warm');
  await world.on(
    'web3',
    'DEBIAN_FRONTEND=noninteractive apt-get -qq -y purge nginx nginx-common nfs-common rpcbind >/dev/null 2>&1',
  );
  await world.on('web3', traceAfterPackages);
  others = await look(['lb1', 'lb2', 'web1', 'web2', 'nas1', 'probe1']);
  smaller = await world.variant('smaller', (text) =>
    text.replace('web[1:3]: { address: 10.77.0.[13:15] }', 'web[1:2]: { address: 10.77.0.[13:14] }').replace(web3, ''),
  );
  await done(['apply', '--yes', '-i', smaller]);
});
afterAll(async () => {
  await world.close();
});

/** What can be seen of hosts, by name. */
async function look(hosts: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  return new Map(await Promise.all([...hosts].map(async (host) => [host, await tracesOf(world, host)] as const)));
}

/** Requests from the client while something is done: how many were lost, and how. */
const loaded = (work: () => Promise<void>): Promise<string> =>
  underLoad(world, 20, ['http://10.77.0.100:80/healthz'], work);

/** One connection that is kept open, and used, while something is done: `kept` if it still is in the end. */
async function onOneConnection(work: () => Promise<void>): Promise<string> {
  await world.on(
    'probe1',
    `rm -f /tmp/close; python3 -c '
import http.client, os, time
one = http.client.HTTPConnection("10.77.0.100", 80, timeout=5); one.connect(); first = one.sock
while not os.path.exists("/tmp/close"):
    one.request("GET", "/healthz"); one.getresponse().read(); time.sleep(0.2)
    assert one.sock is first
print("kept")' >/tmp/kept 2>&1 </dev/null &`,
  );
  await work();
  return (await world.on('probe1', 'touch /tmp/close; sleep 1; tail -1 /tmp/kept')).trim();
}

async function status(): Promise<StatusDocument> {
  const { code, stdout } = await world.lvsctl(['status', '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout) as StatusDocument;
}

async function done(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await world.lvsctl(args);
  expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
  return stdout;
}

/** Weight of a real server on each director. */
async function weights(address: string): Promise<string[]> {
  const line = `ipvsadm -Ln | awk '$2 == "${address}:80" { print $4 }'`;
  return (await Promise.all(['lb1', 'lb2'].map((director) => world.on(director, line)))).map((text) => text.trim());
}

/** When the services began that must go on as they are, and how often they were told to reload since a time of theirs. */
async function lives(units: readonly (readonly [host: string, unit: string])[]): Promise<string[]> {
  return Promise.all(
    units.map(([host, unit]) =>
      world.on(
        host,
        `echo ${host} $(systemctl show -P ActiveEnterTimestampMonotonic ${unit}) $(journalctl -q -b -o cat --no-pager -u ${unit} | grep -c '^Reloaded ')`,
      ),
    ),
  );
}

test('a blank host becomes a real server, and only what must know of it changes', async () => {
  const [webs, directors] = [
    [
      ['web1', 'nginx'],
      ['web2', 'nginx'],
    ] as const,
    [
      ['lb1', 'keepalived'],
      ['lb2', 'keepalived'],
    ] as const,
  ];
  const [sites, balancers] = [await lives(webs), await lives(directors)];
  let kept = '';
  let applied = '';
  const load = await loaded(async () => {
    kept = await onOneConnection(async () => {
      applied = await done(['apply', '--yes']);
    });
  });
  untouched = await world.on('web3', tracesAfterPackages);
  expect(applied).toMatch(/^ {2}web3/m);
  expect(applied).not.toMatch(/^ {2}(web1|web2|probe1)/m);
  expect(load).toMatch(nothingLost);
  expect(kept).toBe('kept');
  expect(await lives(webs)).toEqual(sites);
  // Reloaded once, and started when they were.
  const reloaded = balancers.map((line) => line.replace(/(\d+)\n$/, (count) => `${Number(count) + 1}\n`));
  expect(await lives(directors)).toEqual(reloaded);
  const who = 'for i in 1 2 3 4; do curl -s -m 3 -D - -o /dev/null http://10.77.0.100/healthz; done | grep -c web3';
  // A check of a host that waits for a processor may fail now and then, and holds again at the next.
  await world.eventually('probe1', `[ "$(${who})" = 2 ]`);
});

describe('a drained real server', () => {
  test('is out of the pool on every director, and no request is lost on the way', async () => {
    const load = await loaded(async () => {
      await done(['drain', 'web2', '--yes', '--timeout', '100']);
      expect(await weights('10.77.0.14')).toEqual(['0', '0']);
      await world.on('web2', 'systemctl stop nginx; sleep 1; systemctl start nginx');
    });
    expect(load).toMatch(nothingLost);
  });

  test('stays out through a reload, a restart and an apply, and all of them say so', async () => {
    await world.on('lb1', 'systemctl reload keepalived');
    await world.on('lb2', 'systemctl restart keepalived');
    await world.eventually('lb2', `ipvsadm -Ln | grep -q '10.77.0.14:80 .* 0  *[0-9]* *[0-9]* *$'`);
    expect(await done(['plan', '--exit-code'])).toContain('Drained: web2.');
    await done(['apply', '--yes']);
    expect(await weights('10.77.0.14')).toEqual(['0', '0']);
    expect((await status()).drained).toEqual(['web2']);
  });

  test('is not the last one: that is refused, and changes nothing', async () => {
    const { code, stderr } = await world.lvsctl(['drain', 'web1,web3', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toContain('www would have no real server left');
    expect(await weights('10.77.0.13')).toEqual(['1', '1']);
  });

  test('comes back with the weight that the inventory gives it', async () => {
    const load = await loaded(async () => {
      await done(['undrain', 'web2', '--yes']);
    });
    expect(load).toMatch(nothingLost);
    expect(await weights('10.77.0.14')).toEqual(['1', '1']);
    expect((await status()).drained).toEqual([]);
  });

  test('a host that is no real server cannot be', async () => {
    expect((await world.lvsctl(['drain', 'nas1', '--yes'])).code).toBe(64);
  });
});

test('a real server that leaves the inventory is taken down, and no other connection notices', async () => {
  const without = await world.variant('without-web3', (text) => text.replace(web3, ''));
  await done(['drain', 'web3', '--yes']);
  const started = await world.on('web1', 'systemctl show -P ActiveEnterTimestampMonotonic nginx');
  let kept = '';
  const load = await loaded(async () => {
    kept = await onOneConnection(async () => {
      const stdout = await done(['apply', '--yes', '-i', without]);
      expect(stdout).toContain('address 10.77.0.100/32 on lo');
      expect(stdout).not.toMatch(/^ {2}(web1|web2|nas1)/m);
      expect(await world.on('web3', 'ip -br address show lo')).not.toContain('10.77.0.100');
      expect(await done(['plan', '--exit-code', '-i', without])).toContain('No changes');
      await done(['apply', '--yes']);
      await done(['undrain', 'web3', '--yes']);
    });
  });
  expect(load).toMatch(nothingLost);
  expect(kept).toBe('kept');
  expect(await world.on('web1', 'systemctl show -P ActiveEnterTimestampMonotonic nginx')).toBe(started);
  expect(await weights('10.77.0.15')).toEqual(['2', '2']);
});

test('a site that gets another name takes the port of the old one, and no request is lost', async () => {
  const named = await world.variant('named', (text) =>
    text.replace('www: { hosts: [web*], ', 'shop: { hosts: [web*], port: 80, health: /healthz, '),
  );
  const load = await loaded(async () => {
    await done(['apply', '--yes', '-i', named, '--limit', 'web[1:2]']);
    expect(await world.on('web1', 'ls /etc/nginx/conf.d')).toBe('shop.conf\n');
    await done(['apply', '--yes', '--limit', 'web[1:2]']);
  });
  expect(load).toMatch(nothingLost);
});

test('an NFS server that spoke version 3 for a while has its port mapper as before', async () => {
  const speaking = (versions: string) =>
    world.variant(`nfs-${versions}`, (text) =>
      text.replace('storage:\n', `storage:\n  server: { versions: [${versions}] }\n`),
    );
  const rpcbind = () =>
    world.on('nas1', 'systemctl is-enabled rpcbind.socket rpcbind.service; systemctl is-active rpcbind.socket; :');
  // As it is where the packages were there before lvsctl.
  await world.on('nas1', 'systemctl -q disable rpcbind.socket rpcbind.service');
  const before = await rpcbind();
  await done(['apply', '--yes', '--limit', 'nas1', '-i', await speaking('3, 4')]);
  expect(await rpcbind()).toMatch(/^enabled\n/);
  await done(['apply', '--yes', '--limit', 'nas1', '-i', await speaking('4')]);
  expect(await rpcbind()).toBe('masked\nmasked\ninactive\n');
  await done(['apply', '--yes', '--limit', 'nas1']);
  expect(await rpcbind()).toBe(before);
});

test('a status names the holder and every real server', async () => {
  const { vips, services } = await status();
  expect(vips).toMatchObject([{ vip: '10.77.0.100', holders: ['lb1'] }]);
  expect(services[0]?.servers.map(({ host, state, weight }) => `${host} ${state} ${weight}`)).toEqual([
    'web1 in 1',
    'web2 in 1',
    'web3 in 2',
  ]);
});

test('a saved table is restored by the fewest changes', async () => {
  const file = join(world.folder, 'table');
  await done(['ipvs', 'save', file]);
  await done(['ipvs', 'diff']);
  await world.on('lb1', 'ipvsadm -e -t 10.77.0.100:80 -r 10.77.0.13:80 -g -w 9');
  const different = await world.lvsctl(['ipvs', 'diff']);
  expect(different.code).toBe(1);
  expect(different.stdout).toContain('(web1) weight 9, wished 1');
  expect(await done(['ipvs', 'restore', file, '--yes'])).toContain('1 change');
  await done(['ipvs', 'diff']);
  expect(await done(['ipvs', 'restore', file, '--yes'])).toContain('No changes');
});

test('one host is taken down as if lvsctl had never been there, leaves the inventory, and the others go on', async () => {
  // A server of NFS version 4 that was started anew keeps those who write waiting until its grace period is over.
  await world.eventually('web1', 'timeout 5 touch /var/www/shared/new && rm /var/www/shared/new', 150);
  await done(['drain', 'web3', '--yes']);
  const kept = await onOneConnection(async () => {
    await done(['teardown', '--limit', 'web3', '--yes']);
    expect(differences(untouched, await tracesOf(world, 'web3'), true)).toEqual([]);
    expect(await done(['plan', '--exit-code', '--limit', 'lb*,web[1:2],nas1,probe1'])).toContain('No changes');
    expect(await done(['apply', '--yes', '-i', smaller])).not.toMatch(/^ {2}(web1|web2|probe1)/m);
  });
  expect(kept).toBe('kept');
  expect(await weights('10.77.0.15')).toEqual(['', '']);
  expect(await done(['plan', '--exit-code', '-i', smaller])).toContain('No changes');
});

test('the whole of it is taken down as if lvsctl had never been there', async () => {
  expect(await done(['teardown', '--yes', '-i', smaller])).toContain("Nothing of lvsctl's is left");
  for (const [host, now] of await look(others.keys()))
    expect(differences(others.get(host) ?? '', now, false).map((line) => `${host} ${line}`)).toEqual([]);
});

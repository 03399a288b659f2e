import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isInTheWay } from '../../src/plan/in-the-way.ts';
import type { Resource } from '../../src/resources/index.ts';
import type { Step } from '../../src/resources/resource.ts';
import { Box } from '../support/box.ts';
import { desiredOf, makeShop, makeSite, wishesOf } from '../support/cluster.ts';

const root = { mode: '0644', owner: 'root', group: 'root' } as const;
const unit = (name: string, listens?: readonly number[], more: readonly string[] = []): Resource => ({
  ...{ kind: 'service', unit: name, reloadOn: more, restartOn: [], configuration: [] },
  ...(listens === undefined ? {} : { listens }),
});
const site = (name: string, ...listens: readonly number[]): Resource => ({
  ...{ kind: 'file', path: `/srv/${name}.conf`, content: `${name}\n`, listens },
  ...root,
});
const masked = (name: string): Resource => ({ kind: 'masked-unit', unit: name });
const gateway = (via: string): Resource => ({
  ...{ kind: 'route', family: 4, table: undefined, destination: 'default', gateway: via, interface: 'eth0' },
});
const segments = (most: number): Resource => ({ kind: 'segment-size', family: 4, most });
const mount = (path: string): Resource => ({
  ...{ kind: 'mount', source: '10.77.0.16:/srv/www', path, type: 'nfs', options: ['hard'] },
});

let box: Box;
beforeEach(async () => {
  box = await Box.open();
});
afterEach(() => box.close());

const brief = ({ action, resource, summary }: Step): string => `${action} ${resource}: ${summary}`;

/** Makes the host so, and nothing is left to be done afterwards. */
async function become(...resources: readonly Resource[]): Promise<string[]> {
  const steps = await box.steps(desiredOf(resources, 'real-servers'));
  expect(box.do(steps)).toMatchObject({ code: 0, output: '' });
  expect((await box.steps(desiredOf(resources, 'real-servers'))).map(brief)).toEqual([]);
  return steps.map(brief);
}

/** A unit that is there before lvsctl comes. */
function install(name: string, active: string, enabled: string): void {
  box.must(
    `mkdir -p /run/box/units/${name}; cd /run/box/units/${name}; echo ${active} >active; echo ${enabled} >enabled`,
  );
}

/** How the units are, but for their times. */
const units = (): string =>
  box.must('cd /run/box/units; grep -r . . --exclude=since | sort; ls */masked 2>/dev/null || :');

describe('what is not wished any more goes first', () => {
  test('when its port is wanted by another service', async () => {
    for (const name of ['old.service', 'new.service']) install(name, 'inactive', 'disabled');
    await become(unit('old.service', [80]));
    box.did();
    const steps = await become(unit('new.service', [80, 443]));
    expect(steps).toEqual([
      'delete service old.service: stop',
      'delete service old.service: no more at boot',
      'update service new.service: enable at boot',
      'update service new.service: start',
    ]);
    expect(box.did()).toEqual(['stopped old.service', 'started new.service']);
  });

  test('when nobody knows which ports the two want', async () => {
    for (const name of ['old.service', 'new.service']) install(name, 'inactive', 'disabled');
    await become(unit('old.service'));
    expect((await become(unit('new.service')))[0]).toBe('delete service old.service: stop');
  });

  test('when it is the site of which a new one takes the port, with one reload for both', async () => {
    install('nginx.service', 'active', 'enabled');
    await become(site('www', 80), unit('nginx.service', [80], ['file /srv/www.conf']));
    box.did();
    const steps = await become(site('shop', 80), unit('nginx.service', [80], ['file /srv/shop.conf']));
    expect(steps).toEqual([
      'delete file /srv/www.conf: remove the file',
      'create file /srv/shop.conf: 0644 root:root, 1 line',
      'run service nginx.service: reload for /srv/shop.conf',
    ]);
    expect(box.did()).toEqual(['reloaded nginx.service']);
  });

  test('when it is a site of a service that goes on, which lets go of the port before another one starts', async () => {
    install('nginx.service', 'active', 'enabled');
    install('app.service', 'inactive', 'disabled');
    const nginx = (...names: readonly string[]) =>
      unit(
        'nginx.service',
        [80, 81],
        names.map((name) => `file /srv/${name}.conf`),
      );
    await become(site('www', 80), site('other', 81), nginx('www', 'other'));
    box.did();
    await become(site('other', 81), nginx('other'), unit('app.service', [80]));
    expect(box.did()).toEqual(['reloaded nginx.service', 'started app.service']);
  });

  test('and comes back when what it made room for cannot come', async () => {
    for (const name of ['old.service', 'new.service']) install(name, 'inactive', 'disabled');
    await become(unit('old.service', [80]));
    const before = units();
    box.must('touch /run/box/units/new.service/broken');
    const steps = await box.steps(desiredOf([unit('new.service', [80])], 'real-servers'));
    expect(box.do(steps).code).not.toBe(0);
    box.must('rm /run/box/units/new.service/broken; echo inactive >/run/box/units/new.service/active');
    expect(units()).toBe(before);
    expect((await box.steps(desiredOf([unit('old.service', [80])], 'real-servers'))).map(brief)).toEqual([]);
  });

  test('when it is mounted inside of what is mounted now', async () => {
    await become(mount('/srv/www/shared'));
    const steps = await become(mount('/srv/www'));
    expect(steps[0]).toBe('delete mount /srv/www/shared: unmount 10.77.0.16:/srv/www');
    expect(box.must('grep -c /srv/www /proc/self/mounts')).toBe('1\n');
    await become();
    expect(box.must('ls /srv')).toBe('');
  });
});

test('what is in nobody’s way goes last', async () => {
  for (const name of ['old.service', 'new.service']) install(name, 'inactive', 'disabled');
  await become(unit('old.service', [81]));
  const steps = await become(unit('new.service', [80]));
  expect(steps.at(-1)).toBe('delete service old.service: no more at boot');
});

describe('how it was before lvsctl came is remembered', () => {
  test.each([
    ['inactive', 'disabled'],
    ['active', 'enabled'],
    ['active', 'disabled'],
  ])('of a unit that was %s and %s, then wished, then masked, then wished again', async (active, enabled) => {
    install('rpcbind.socket', active, enabled);
    install('rpcbind.service', active, 'disabled');
    const before = units();
    const switchedOff = [masked('rpcbind.socket'), masked('rpcbind.service')];
    await become(unit('rpcbind.socket', [111]));
    // The socket has started its service.
    box.must('echo active >/run/box/units/rpcbind.service/active');
    await become(...switchedOff);
    expect(box.must('cat /run/box/units/rpcbind.*/active')).toBe('inactive\ninactive\n');
    await become(unit('rpcbind.socket', [111]));
    await become(...switchedOff);
    await become();
    expect(units()).toBe(before);
  });

  test('of a route whose gateway changes', async () => {
    box.must('ip addr add 10.77.0.13/24 dev eth0; ip link set wire up; ip route add default via 10.77.0.1 dev eth0');
    const before = box.must('ip route');
    await become(gateway('10.77.0.8'));
    await become(gateway('10.77.0.9'));
    expect(box.must('ip route show default')).toContain('via 10.77.0.9');
    await become();
    expect(box.must('ip route')).toBe(before);
  });

  test('of segment sizes that shrink and grow', async () => {
    box.must('ip addr add 10.77.0.13/24 dev eth0; ip link set wire up; ip route add default via 10.77.0.1 dev eth0');
    const before = box.must('ip route');
    for (const most of [1440, 1420, 1436]) {
      await become(segments(most));
      expect(box.must('ip route show default')).toContain(`advmss ${most}`);
    }
    await become();
    expect(box.must('ip route')).toBe(before);
  });
});

test('a site that gets another name is replaced on a host of the shop', async () => {
  const host = (name: string) => {
    const shop = makeShop({ sites: [makeSite(['web1'], { name })] });
    const found = wishesOf(shop).find((one) => one.host.name === 'web1');
    if (found === undefined) throw new Error('no web1');
    return found;
  };
  box.do(await box.steps(host('www')));
  const steps = (await box.steps(host('shop'))).map(brief);
  expect(steps.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
    'delete file /etc/nginx/conf.d/www.conf',
    'create file /etc/nginx/conf.d/shop.conf',
    'run service nginx.service',
  ]);
});

test.each<[leftover: Resource, wished: Resource, state: unknown, expected: boolean]>([
  [unit('a', [80]), unit('b', [80]), undefined, true],
  [unit('a', [80]), unit('b', [81]), undefined, false],
  [unit('a', []), unit('b'), undefined, false],
  [unit('a'), unit('b', []), undefined, false],
  [unit('a'), unit('b', [80]), { active: 'inactive' }, true],
  [unit('a'), unit('b', [80]), { active: 'active' }, false],
  [{ ...site('a'), listens: undefined } as unknown as Resource, unit('b'), undefined, false],
  [site('a', 80), site('b', 80), undefined, true],
  [site('a', 80), site('b', 81), undefined, false],
  [masked('a.socket'), unit('a.service'), undefined, true],
  [unit('a.socket'), masked('b.socket'), undefined, false],
  [mount('/srv/a'), mount('/srv/ab'), undefined, false],
  [mount('/srv/a/b'), mount('/srv/a'), undefined, true],
  [gateway('10.0.0.1'), { ...gateway('10.0.0.2'), table: 7 } as Resource, undefined, false],
  [{ kind: 'directory', path: '/srv/a.conf', mode: undefined }, site('a'), undefined, true],
  [site('a'), { kind: 'directory', path: '/srv/a.conf', mode: undefined }, undefined, true],
  [{ kind: 'sysctl', key: 'a', value: '1' }, { kind: 'sysctl', key: 'b', value: '1' }, undefined, false],
])('%j, for %j', (leftover, wished, state, expected) => {
  expect(isInTheWay(leftover, wished, state)).toBe(expected);
});

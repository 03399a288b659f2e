import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aptConfiguration, debianMirror } from '../../src/lab/image/apt.ts';
import { products } from '../../src/lab/image/site.ts';
import { removeOld, sound, writeStamp } from '../../src/lab/image/cache.ts';
import { cacheKey, recipe } from '../../src/lab/image/recipe.ts';
import { cacheFolder, defaultFolder, layout } from '../../src/lab/layout.ts';
import { locked } from '../../src/lab/lock.ts';
import { markOf, signal, stateOf } from '../../src/lab/processes.ts';
import { missing, missingMessage, type Machine } from '../../src/lab/requirements.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvsctl-lab-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('requirements', () => {
  const sane: Machine = { uid: 0, architecture: 'x64', platform: 'linux', hasTun: true, has: () => true };

  it('asks for nothing when all is there', () => {
    expect(missingMessage(missing(sane))).toBeUndefined();
  });

  it('names all that lacks in one message, and the command that mends it', () => {
    const has = (program: string): boolean => !['patchelf', 'mmdebstrap'].includes(program);
    const said = missingMessage(missing({ ...sane, uid: 1000, hasTun: false, has }));
    expect(said?.message).toBe('the lab needs what this machine lacks: root, /dev/net/tun, mmdebstrap, patchelf');
    expect(said?.hint).toContain('apt-get install mmdebstrap patchelf\n');
    expect(said?.hint).toContain('root: run the same command with sudo');
  });

  it('refuses another architecture', () => {
    expect(missing({ ...sane, architecture: 'arm64' })[0]?.what).toBe('an amd64 Linux (this is linux on arm64)');
  });
});

describe('the mirror', () => {
  it.each([
    ['Debian|http://m/debian/|bookworm|main\nDebian|http://m/debian/|bookworm-updates|main', 'http://m/debian/'],
    ['Other|http://o/|stable|main\nDebian|http://m/d/|trixie|main', 'http://m/d/'],
    ['|http://s/debian-security/|bookworm-security|main\n|http://m/debian|trixie|main', 'http://m/debian'],
    ['Ubuntu|http://u/ubuntu/|noble|main', undefined],
    ['', undefined],
  ])('%j gives %s', (targets, url) => {
    expect(debianMirror(targets)?.url).toBe(url);
  });

  it('uses nothing of the machine but its settings', () => {
    const text = aptConfiguration('/w', '/w/keys');
    expect(text).toContain('Dir::Etc::sourceparts "/dev/null";');
    expect(text).toContain('Dir::Etc::trustedparts "/w/keys";');
    expect(text).not.toContain('AllowInsecure');
  });
});

describe('folders', () => {
  it('keeps labs of two working folders apart', () => {
    const [one, other] = ['/a', '/b'].map((cwd) => layout(defaultFolder(cwd, { XDG_STATE_HOME: '/s' })));
    expect(one?.folder).toMatch(/^\/s\/lvsctl\/labs\/[0-9a-f]{12}$/);
    expect(one?.namespace).toMatch(/^lvslab-[0-9a-f]{8}$/);
    expect(one?.namespace).not.toBe(other?.namespace);
    expect(one?.run).not.toBe(other?.run);
  });

  it('knows the lab it runs in', () => {
    expect(defaultFolder('/a', { LVSCTL_LAB: '/x' })).toBe('/x');
  });

  it.each([
    [{ LVSCTL_LAB_CACHE: '/c' }, '/c'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/lvsctl/lab'],
  ])('caches by %j in %s', (environment, expected) => {
    expect(cacheFolder(environment)).toBe(expected);
  });
});

describe('the image cache', () => {
  it('has a key of everything an image is made of', () => {
    const made = recipe('trixie');
    expect(cacheKey(made)).toBe(cacheKey(recipe('trixie')));
    expect(cacheKey(recipe('bookworm'))).not.toBe(cacheKey(made));
    expect(Object.keys(made.files)).toContain('tree.sh');
    expect(cacheKey({ ...made, suite: 'sid' })).not.toBe(cacheKey(made));
    expect(cacheKey({ ...made, files: { ...made.files, 'tree.sh': '' } })).not.toBe(cacheKey(made));
  });

  it('is sound when complete, wherever the clock was, and not when touched, cut or moved', async () => {
    const cached = join(folder, 'cached');
    await mkdir(join(cached, 'lib'), { recursive: true });
    for (const name of products) await writeFile(join(cached, name), name);
    expect(await sound(cached)).toBe(false);
    await writeStamp(cached, cached);
    expect(await sound(cached)).toBe(true);
    await utimes(join(cached, 'blank.img'), 1, 1);
    expect(await sound(cached)).toBe(true);
    await writeFile(join(cached, 'blank.img'), 'BLANK.img');
    expect(await sound(cached)).toBe(false);
    await writeFile(join(cached, 'blank.img'), 'blank');
    expect(await sound(cached)).toBe(false);
    await writeFile(join(cached, 'blank.img'), 'blank.img');
    await writeStamp(cached, '/elsewhere');
    expect(await sound(cached)).toBe(false);
  });
});

describe('old images', () => {
  it('are taken away when they were not used for long; the lock beside them stays', async () => {
    const cache = join(folder, 'old');
    for (const name of ['current', 'idle', 'used']) {
      await mkdir(join(cache, name), { recursive: true });
      await writeFile(join(cache, name, 'stamp.json'), '{}');
    }
    await writeFile(join(cache, 'lock'), '');
    for (const name of ['current', 'idle']) await utimes(join(cache, name, 'stamp.json'), 1, 1);
    await removeOld(cache, join(cache, 'current'));
    expect((await readdir(cache)).sort()).toEqual(['current', 'lock', 'used']);
  });
});

describe('the lock', () => {
  it('lets one in at a time', async () => {
    const file = join(folder, 'lock');
    const log: string[] = [];
    const enter = (name: string): Promise<void> =>
      locked(
        file,
        () => log.push(`${name} waits`),
        async () => {
          log.push(`${name} in`);
          await new Promise((done) => setTimeout(done, 100));
          log.push(`${name} out`);
        },
      );
    const first = enter('a');
    await new Promise((done) => setTimeout(done, 50));
    await Promise.all([first, enter('b')]);
    expect(log).toEqual(['a in', 'b waits', 'a out', 'b in', 'b out']);
  });
});

describe('process marks', () => {
  it('tell a process from another with its number', async () => {
    const mine = markOf(process.pid);
    expect(mine && stateOf(mine)).toMatch(/[RS]/);
    const stranger = {
      pid: process.pid,
      started: '1',
      boot: (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim(),
    };
    expect(stateOf(stranger)).toBeUndefined();
    expect(signal(stranger, 'SIGKILL')).toBe(false);
    expect(mine && stateOf({ ...mine, boot: 'earlier' })).toBeUndefined();
  });
});

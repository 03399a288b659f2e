import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { machineKeys, machineMirror, openSuite } from '../../src/lab/image/apt.ts';
import { cacheFolder } from '../../src/lab/layout.ts';
import { locked } from '../../src/lab/lock.ts';
import { run } from '../../src/lab/run.ts';

/** What Ansible's root is made of. A change of any of it makes a new root. */
const recipe = {
  suite: 'trixie',
  packages: ['ansible', 'ansible-mitogen', 'openssh-client'],
  mmdebstrap: ['--quiet', '--mode=root', '--variant=minbase', '--format=directory'],
  settings: ['--aptopt=Acquire::Languages "none"', '--aptopt=APT::Sandbox::User "root"', '--dpkgopt=force-unsafe-io'],
  // What the build machine leaves there.
  removed: ['etc/apt/sources.list', 'etc/apt/sources.list.d', 'etc/resolv.conf', 'etc/hostname'],
};

/** How a root is found or made. */
interface RootOptions {
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * A root folder with Ansible and Mitogen: from the cache, which lies beside the lab's images, or built into it. Whoever runs
 * something in it must leave it as it is. Only one process builds at a time; a folder that is there is complete.
 */
export async function ansibleRoot({ onProgress, signal }: RootOptions): Promise<string> {
  const cache = `${cacheFolder(process.env)}-bench`;
  const folder = join(cache, createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const onWait = (): void => {
    onProgress("another bench is building Ansible's root; waiting for it");
  };
  return locked(join(cache, 'lock'), onWait, async () => {
    if (existsSync(folder)) return folder;
    await removeBuilds(cache);
    const site = await mkdtemp(join(cache, 'build-'));
    try {
      onProgress(`building a root with ${recipe.packages.join(', ')} of Debian ${recipe.suite}, once`);
      await build(site, signal);
      await rename(join(site, 'root'), folder);
    } finally {
      await rm(site, { recursive: true, force: true });
    }
    return folder;
  });
}

async function build(site: string, signal: AbortSignal): Promise<void> {
  const { suite, packages, mmdebstrap, settings, removed } = recipe;
  const mirror = await machineMirror();
  const keys = await machineKeys(join(site, 'keys'));
  // Brings newer keys where the machine's own are too old for the suite.
  await openSuite(join(site, 'apt'), mirror, suite, keys);
  const root = join(site, 'root');
  const wanted = [
    `--include=${packages.join(',')}`,
    `--keyring=${keys}`,
    suite,
    root,
    `deb ${mirror.url} ${suite} main`,
  ];
  // In a mount namespace of its own: however it ends, no mount is left below a folder that is then removed.
  await run('unshare', ['--mount', 'mmdebstrap', ...mmdebstrap, ...settings, ...wanted], {
    environment: { LC_ALL: 'C.UTF-8', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    signal,
  });
  await Promise.all(removed.map((path) => rm(join(root, path), { recursive: true, force: true })));
}

/** Builds that somebody interrupted. Whoever holds the lock is the only builder. */
async function removeBuilds(cache: string): Promise<void> {
  const left = (await readdir(cache)).filter((name) => name.startsWith('build-'));
  await Promise.all(left.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

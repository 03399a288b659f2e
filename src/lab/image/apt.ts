import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../result.ts';
import { LabFailure } from '../failure.ts';
import { attempt, run } from '../run.ts';

/** A package source of the machine. */
export interface Mirror {
  readonly url: string;
  /** The machine's own suite on it. */
  readonly suite: string;
}

/** A private apt: the machine's own settings, but sources, lists, caches and keys of its own. */
export interface PrivateApt {
  /** Value of APT_CONFIG. */
  readonly configuration: string;
}

/** Picks the Debian mirror out of what `apt-get indextargets` says, one `ORIGIN|REPO_URI|RELEASE|COMPONENT` a line. */
export function debianMirror(targets: string): Mirror | undefined {
  const rows = targets
    .split('\n')
    .map((line) => line.split('|'))
    .flatMap(([origin = '', url = '', suite = '', component = '']) => [{ origin, url, suite, component }])
    // Updates, security and backports have a dash; without lists on the machine apt does not know the origin.
    .filter((row) => row.component === 'main' && !row.suite.includes('-') && ['Debian', ''].includes(row.origin));
  const best = rows.find((row) => row.origin === 'Debian') ?? rows.find((row) => /\/debian\/?$/.test(row.url));
  return best === undefined ? undefined : { url: best.url, suite: best.suite };
}

/** The Debian mirror of this machine, as its own apt has it. Throws a LabFailure when there is none. */
export async function machineMirror(): Promise<Mirror> {
  const format = ['--format', '$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)', 'Created-By: Packages'];
  const found = await attempt('apt-get', ['indextargets', ...format]);
  const known = debianMirror(found.stdout);
  const mirror =
    known ?? debianMirror((await attempt('apt-get', ['indextargets', '--no-release-info', ...format])).stdout);
  if (mirror !== undefined) return mirror;
  throw new LabFailure(
    'the apt of this machine has no Debian mirror in its sources, so there is nothing to build the hosts from',
    'add a line like "deb MIRROR bookworm main" to /etc/apt/sources.list and run: apt-get update',
  );
}

/** The text of a private apt configuration. */
export function aptConfiguration(folder: string, keys: string): string {
  const settings: [string, string][] = [
    ['Dir::Etc::sourcelist', join(folder, 'sources.list')],
    ['Dir::Etc::sourceparts', '/dev/null'],
    ['Dir::Etc::preferences', '/dev/null'],
    ['Dir::Etc::preferencesparts', '/dev/null'],
    ['Dir::Etc::trusted', '/dev/null'],
    ['Dir::Etc::trustedparts', keys],
    ['Dir::State', join(folder, 'state')],
    ['Dir::State::status', join(folder, 'status')],
    ['Dir::Cache', join(folder, 'cache')],
    ['APT::Architecture', 'amd64'],
    ['APT::Architectures', 'amd64'],
    ['APT::Sandbox::User', 'root'],
    ['Acquire::Languages', 'none'],
  ];
  return settings.map(([key, value]) => `${key} "${value}";\n`).join('');
}

/** Makes a folder of the keys by which this machine trusts Debian. */
export async function machineKeys(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await addKeys('/etc/apt/trusted.gpg.d', folder, /\.(gpg|asc)$/);
  await addKeys('/usr/share/keyrings', folder, /^debian-archive-(?!removed).*\.(gpg|asc)$/);
  return folder;
}

/**
 * Makes a private apt for a suite of the mirror in `folder`: lists fetched, signatures checked. When the keys are too old
 * for it, newer ones are taken from the debian-archive-keyring of suites that the keys so far do verify.
 */
export async function openSuite(folder: string, mirror: Mirror, suite: string, keys: string): Promise<PrivateApt> {
  const wanted = { url: mirror.url, suite };
  const first = await privateApt(join(folder, suite), wanted, keys);
  if (first.ok) return first.value;
  for (const older of new Set([mirror.suite, 'trixie'])) {
    const via = await privateApt(join(folder, `via-${older}`), { url: mirror.url, suite: older }, keys);
    if (!via.ok) continue;
    await addKeysOfPackage(via.value, join(folder, `keyring-${older}`), keys);
    const again = await privateApt(join(folder, suite), wanted, keys);
    if (again.ok) return again.value;
  }
  throw new LabFailure(
    `apt cannot use suite ${suite} of ${mirror.url}:\n${first.error}`,
    'is the mirror reachable? try: apt-get update',
  );
}

async function privateApt(folder: string, source: Mirror, keys: string): Promise<Result<PrivateApt, string>> {
  await mkdir(join(folder, 'state', 'lists', 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  const configuration = join(folder, 'apt.conf');
  await writeFile(join(folder, 'status'), '');
  await writeFile(configuration, aptConfiguration(folder, keys));
  await writeFile(join(folder, 'sources.list'), `deb [arch=amd64] ${source.url} ${source.suite} main\n`);
  const environment = { APT_CONFIG: configuration };
  const updated = await attempt('apt-get', ['update', '-qq', '--error-on=any'], { environment });
  if (updated.code === 0) return ok({ configuration });
  return err(updated.stderr.trim().split('\n').slice(-4).join('\n'));
}

async function addKeysOfPackage(apt: PrivateApt, folder: string, keys: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const fetch = 'cd "$1"; apt-get download -qq debian-archive-keyring; dpkg-deb -x ./*.deb .';
  await run('sh', ['-ec', fetch, 'sh', folder], { environment: { APT_CONFIG: apt.configuration } });
  await addKeys(join(folder, 'usr/share/keyrings'), keys, /^debian-archive-(?!removed).*\.(gpg|pgp|asc)$/);
}

async function addKeys(from: string, to: string, wanted: RegExp): Promise<void> {
  if (!existsSync(from)) return;
  const names = (await readdir(from)).filter((name) => wanted.test(name));
  for (const name of names) {
    // Newer keyring packages call OpenPGP files .pgp, which older apts do not read; some have both names.
    await cp(join(from, name), join(to, name.replace(/\.pgp$/, '.gpg')), { dereference: true });
  }
}

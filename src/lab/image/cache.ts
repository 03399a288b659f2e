import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { locked } from '../lock.ts';
import { build } from './build.ts';
import { conversion } from './conversion.ts';
import { convert } from './convert.ts';
import { cacheKey, recipe, type ImageKind, type System } from './recipe.ts';
import { products, type BuildSite } from './site.ts';

/** A kernel and the disks it can start from, complete and checked. */
export interface Images {
  readonly kernel: string;
  readonly disks: Readonly<Record<ImageKind, string>>;
  /** Seconds the build took; undefined when the cache had them. */
  readonly built: number | undefined;
}

/** What a complete cache folder says about itself. Sizes in bytes, times in milliseconds, sums SHA-256 in hex. */
interface Stamp {
  /** The kernel's ELF interpreter lies here: a folder that was moved is worth nothing. */
  readonly folder: string;
  readonly files: Readonly<Record<string, { readonly size: number; readonly modified: number; readonly sum: string }>>;
}

/** The images of a system by the recipe in use: from the cache, or built into it. Only one process builds at a time; others wait. */
export async function images(
  cache: string,
  system: System,
  options: { readonly onProgress: (text: string) => void; readonly signal?: AbortSignal | undefined },
): Promise<Images> {
  const { key, base, make } = builder(system);
  const folder = join(cache, key);
  if (await sound(folder)) return used(folder);
  const under = base === undefined ? undefined : await images(cache, base, options);
  await mkdir(cache, { recursive: true });
  const onWait = (): void => {
    options.onProgress('another lvsctl is building the images; waiting for it');
  };
  return locked(join(cache, 'lock'), onWait, async () => {
    if (await sound(folder)) return used(folder);
    if (existsSync(folder)) options.onProgress('the cached images are incomplete or changed; building them again');
    const start = Date.now();
    await buildInto(folder, cache, (site) => make(site, under), options);
    return found(folder, (Date.now() - start) / 1000);
  });
}

/** How the images of a system are made. */
interface Builder {
  /** Names them, see {@link cacheKey}. */
  readonly key: string;
  /** The system whose images have to be there first. */
  readonly base: System | undefined;
  readonly make: (site: BuildSite, base: Images | undefined) => Promise<void>;
}

function builder(system: System): Builder {
  if (system !== 'rhel-like') {
    const made = recipe(system);
    return { key: cacheKey(made), base: undefined, make: (site) => build(made, site) };
  }
  const made = conversion();
  return {
    key: cacheKey(made),
    base: made.base,
    async make(site, base) {
      if (base === undefined) throw new Error(`there are no images of ${made.base}`);
      await convert(made, { kernel: base.kernel, disk: base.disks.blank }, site);
    },
  };
}

/** Whether a cache folder is complete and as it was built. Sums are computed again only where a file's time changed. */
export async function sound(folder: string): Promise<boolean> {
  const stamp = readStamp(folder);
  if (stamp?.folder !== folder) return false;
  for (const name of products) {
    const file = join(folder, name);
    const noted = stamp.files[name];
    const now = statSync(file, { throwIfNoEntry: false });
    if (noted === undefined || now?.size !== noted.size) return false;
    if (Math.floor(now.mtimeMs) !== noted.modified && (await checksum(file)) !== noted.sum) return false;
  }
  return true;
}

/** Writes the stamp that makes a cache folder complete; `final` is where the folder will lie. */
export async function writeStamp(folder: string, final: string): Promise<void> {
  const files: [string, Stamp['files'][string]][] = await Promise.all(
    products.map(async (name) => {
      const file = join(folder, name);
      const { size, mtimeMs } = await stat(file);
      return [name, { size, modified: Math.floor(mtimeMs), sum: await checksum(file) }];
    }),
  );
  const stamp: Stamp = { folder: final, files: Object.fromEntries(files) };
  await writeFile(join(folder, 'stamp.json'), JSON.stringify(stamp, null, 2));
}

async function buildInto(
  folder: string,
  cache: string,
  make: (site: BuildSite) => Promise<void>,
  options: { readonly onProgress: (text: string) => void; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  await removeBuilds(cache);
  const site = await mkdtemp(join(cache, 'build-'));
  try {
    await make({ folder: site, final: folder, onProgress: options.onProgress, signal: options.signal });
    // Copy-on-write disks hold only what differs: what is under them must never change.
    await Promise.all(['blank.img', 'warm.img'].map((name) => chmod(join(site, name), 0o444)));
    await writeStamp(site, folder);
    await rm(folder, { recursive: true, force: true });
    await rename(site, folder);
    await removeOld(cache, folder);
  } catch (error) {
    await rm(site, { recursive: true, force: true });
    throw error;
  }
}

/** Days after which images of another recipe that no lab was started from are taken away. */
const keptDays = 14;

/** Takes away images that were made of something else and have not been used for long: each is a gigabyte. */
export async function removeOld(cache: string, current: string): Promise<void> {
  // Beside the folders lies the lock, which is a file.
  const entries = await readdir(cache, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const folder = join(cache, name);
    const used = statSync(join(folder, 'stamp.json'), { throwIfNoEntry: false })?.mtimeMs;
    const isOld = used !== undefined && Date.now() - used > keptDays * 86_400_000;
    if (folder !== current && isOld) await rm(folder, { recursive: true, force: true });
  }
}

/** Builds that somebody interrupted. Whoever holds the lock is the only builder. */
async function removeBuilds(cache: string): Promise<void> {
  const left = (await readdir(cache)).filter((name) => name.startsWith('build-'));
  await Promise.all(left.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

/** Images from the cache; that they were used is noted, see {@link removeOld}. */
async function used(folder: string): Promise<Images> {
  const now = new Date();
  await utimes(join(folder, 'stamp.json'), now, now);
  return found(folder, undefined);
}

function found(folder: string, built: number | undefined): Images {
  return {
    kernel: join(folder, 'linux.uml'),
    disks: { blank: join(folder, 'blank.img'), warm: join(folder, 'warm.img') },
    built,
  };
}

function readStamp(folder: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'stamp.json'), 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}

async function checksum(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

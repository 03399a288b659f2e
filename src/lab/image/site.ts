import { join } from 'node:path';
import { run } from '../run.ts';
import { scriptFolder, type ImageKind } from './recipe.ts';

/** Where a build works and what it reports to. */
export interface BuildSite {
  /** Existing, empty folder on the disk of the cache; the build leaves only its results in it. */
  readonly folder: string;
  /** Where the folder will be renamed to. */
  readonly final: string;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** What a build leaves in its folder. */
export const products = ['linux.uml', 'lib/libc.so.6', 'lib/ld-linux-x86-64.so.2', 'blank.img', 'warm.img'] as const;

/** Runs a script of templates/ by its path. Throws a LabFailure with its last words when it fails. */
export async function runScript(
  site: BuildSite,
  path: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  await run('sh', [path], {
    environment: { LC_ALL: 'C.UTF-8', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, ...environment },
    signal: site.signal,
  });
}

/** Turns the root folder work/KIND into KIND.img, with the kernel's modules of a folder and some MiB that stay free. */
export async function writeImage(
  site: BuildSite,
  kind: ImageKind,
  { modules, free }: { readonly modules: string; readonly free: number },
): Promise<void> {
  await runScript(site, join(scriptFolder, 'image.sh'), {
    TREE: join(site.folder, 'work', kind),
    IMAGE: join(site.folder, `${kind}.img`),
    MODULES: modules,
    FREE: String(free),
  });
}

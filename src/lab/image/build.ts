import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabFailure } from '../failure.ts';
import { machineKeys, machineMirror, openSuite, type Mirror } from './apt.ts';
import { scriptFolder, type Recipe } from './recipe.ts';
import { runScript, writeImage, type BuildSite } from './site.ts';

/** Builds the kernel and both images. Nothing is mounted outside a mount namespace of its own, nothing is left running. */
export async function build(recipe: Recipe, site: BuildSite): Promise<void> {
  const work = join(site.folder, 'work');
  await mkdir(work);
  const mirror = await machineMirror();
  const keys = await machineKeys(join(work, 'keys'));
  site.onProgress(`fetching the kernel and a minimal Debian ${recipe.suite} from ${mirror.url}`);
  const [repository] = await Promise.all([
    openSuite(work, mirror, recipe.suite, keys).then(async (apt) => {
      await tree(recipe, site, { mirror, keys, root: join(work, 'blank') });
      return apt;
    }),
    // Keys of its own: the suites are opened at the same time, and either may need newer ones.
    kernel(recipe, site, { mirror, keys: await machineKeys(join(work, 'kernel', 'keys')), work }),
  ]);
  site.onProgress('adding the packages that hosts can install without a network');
  await script(site, 'repository.sh', {
    APT_CONFIG: repository.configuration,
    TREE: join(work, 'blank'),
    WANTED: recipe.repository.join(' '),
  });
  site.onProgress('installing the packages of the warm image, and writing both images');
  await warm(recipe, site, work);
  const modules = join(site.folder, 'modules');
  await Promise.all([
    writeImage(site, 'blank', { modules, free: recipe.free }),
    writeImage(site, 'warm', { modules, free: recipe.free }),
  ]);
  await rm(work, { recursive: true });
  await rm(join(site.folder, 'modules'), { recursive: true });
}

interface Sources {
  readonly mirror: Mirror;
  readonly keys: string;
}

async function kernel(recipe: Recipe, site: BuildSite, from: Sources & { readonly work: string }): Promise<void> {
  const failures: string[] = [];
  for (const suite of recipe.kernelSuites) {
    try {
      const apt = await openSuite(join(from.work, 'kernel'), from.mirror, suite, from.keys);
      await script(site, 'kernel.sh', { APT_CONFIG: apt.configuration, OUT: site.folder, FINAL: site.final });
      return;
    } catch (error) {
      if (!(error instanceof LabFailure)) throw error;
      failures.push(`${suite}: ${error.message}`);
    }
  }
  throw new LabFailure(`no kernel could be fetched\n${failures.join('\n')}`, 'is the package mirror reachable?');
}

async function tree(recipe: Recipe, site: BuildSite, from: Sources & { readonly root: string }): Promise<void> {
  await script(site, 'tree.sh', {
    TREE: from.root,
    MIRROR: from.mirror.url,
    SUITE: recipe.suite,
    PACKAGES: recipe.packages.join(','),
    KEYS: from.keys,
    GUEST: join(scriptFolder, 'guest'),
    PASSWORD: recipe.password,
  });
}

async function warm(recipe: Recipe, site: BuildSite, work: string): Promise<void> {
  await script(site, 'warm.sh', {
    BLANK: join(work, 'blank'),
    TREE: join(work, 'warm'),
    INSTALLED: recipe.warm.join(' '),
    SERVICES: recipe.warmServices.join(' '),
  });
}

async function script(site: BuildSite, name: string, environment: Readonly<Record<string, string>>): Promise<void> {
  await runScript(site, join(scriptFolder, name), environment);
}

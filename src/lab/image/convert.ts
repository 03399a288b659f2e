import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.ts';
import { machineKeys, machineMirror, openSuite } from './apt.ts';
import { conversionFolder, type Conversion } from './conversion.ts';
import { planRpms, type Deb, type Rpm } from './rpm-plan.ts';
import { rpmSpec } from './rpm-spec.ts';
import { runScript, writeImage, type BuildSite } from './site.ts';

/** The Debian images that a conversion starts from. */
export interface Base {
  readonly kernel: string;
  readonly disk: string;
}

/** Makes both images of a system of RHEL's kind out of a Debian one, with the same kernel. Mounts and leaves running nothing. */
export async function convert(made: Conversion, base: Base, site: BuildSite): Promise<void> {
  const work = join(site.folder, 'work');
  const [blank, debs, plan] = [join(work, 'blank'), join(work, 'debs'), join(work, 'plan')];
  await Promise.all([debs, plan].map((folder) => mkdir(folder, { recursive: true })));
  site.onProgress(`adding ${made.tools.join(', ')} to ${made.base}, and taking apt and dpkg away`);
  const apt = await openSuite(work, await machineMirror(), made.base, await machineKeys(join(work, 'keys')));
  await script(site, 'tree.sh', {
    IMAGE: base.disk,
    TREE: blank,
    DEBS: debs,
    APT_CONFIG: apt.configuration,
    TOOLS: made.tools.join(' '),
    GUEST: join(conversionFolder, 'guest'),
  });
  site.onProgress('converting the packages that hosts can install to rpm');
  await writePlan(plan, planRpms(made.rpms, await controls(debs)), made.present);
  await script(site, 'rpms.sh', {
    TREE: blank,
    DEBS: debs,
    PLAN: plan,
    PACKAGES: join(conversionFolder, 'packages'),
  });
  site.onProgress('installing the packages of the warm image, and writing both images');
  await script(site, 'install.sh', { BLANK: blank, TREE: blank, INSTALLED: made.present.join(' ') });
  // The modules are in the base's root already.
  const modules = join(work, 'modules');
  await mkdir(modules);
  const warm = { BLANK: blank, TREE: join(work, 'warm'), INSTALLED: made.warm.join(' ') };
  await Promise.all([
    writeImage(site, 'blank', { modules, free: made.free }),
    script(site, 'install.sh', warm).then(() => writeImage(site, 'warm', { modules, free: made.free })),
  ]);
  await rm(work, { recursive: true });
  await kernel(base.kernel, site);
}

/** A kernel of its own, which finds its libc where this image will lie: the base may be taken away. */
async function kernel(base: string, site: BuildSite): Promise<void> {
  const own = join(site.folder, 'linux.uml');
  await cp(base, own);
  await cp(join(base, '..', 'lib'), join(site.folder, 'lib'), { recursive: true });
  const [interpreter, libraries] = [join(site.final, 'lib', 'ld-linux-x86-64.so.2'), join(site.final, 'lib')];
  await run('patchelf', ['--set-interpreter', interpreter, '--set-rpath', libraries, own]);
}

/** What each Debian package of a folder says of itself. */
async function controls(folder: string): Promise<Deb[]> {
  const files = (await readdir(folder)).sort();
  const format = '--showformat=${Package}\\n${Version}\\n${Pre-Depends}, ${Depends}\\n';
  return Promise.all(
    files.map(async (file) => {
      const [name = '', version = '', depends = ''] = (await run('dpkg-deb', [format, '-W', join(folder, file)])).split(
        '\n',
      );
      return { file, name, version, depends };
    }),
  );
}

/** What rpms.sh reads. */
async function writePlan(folder: string, packages: readonly Rpm[], present: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'lab.spec'), rpmSpec(packages, present));
  for (const { name, files, taken = [], without = [], folders = [] } of packages) {
    await mkdir(join(folder, name));
    for (const [list, lines] of Object.entries({ debs: files, taken, without, folders })) {
      await writeFile(join(folder, name, list), lines.map((line) => `${line}\n`).join(''));
    }
  }
}

async function script(site: BuildSite, name: string, environment: Readonly<Record<string, string>>): Promise<void> {
  await runScript(site, join(conversionFolder, name), environment);
}

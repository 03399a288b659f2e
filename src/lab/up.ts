import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programArguments } from '../installation.ts';
import { ask, type SupervisedHost } from './control.ts';
import { LabFailure } from './failure.ts';
import { images } from './image/cache.ts';
import { systems, type ImageKind } from './image/recipe.ts';
import { cacheFolder, hostLayout, layout, type Layout } from './layout.ts';
import { locked } from './lock.ts';
import { makeNamespace } from './namespace.ts';
import { prepare } from './prepare.ts';
import { labOf, openLab, type HostBase, type Lab, type LabRecord } from './record.ts';
import { requireMachine } from './requirements.ts';
import { run } from './run.ts';
import type { LabSpec } from './spec.ts';
import { isAlive } from './status.ts';
import { takeDown } from './down.ts';
import { topology } from './topology.ts';

/** How to bring a lab up. */
export interface UpOptions {
  /** State folder, see `defaultFolder`. */
  readonly folder: string;
  readonly image: ImageKind;
  /** MiB a host; 256 unless given. */
  readonly memory?: number | undefined;
  /** Names of the hosts to start; the others exist and are off. All unless given. */
  readonly hosts?: readonly string[] | undefined;
  /** The inventory that the hosts are of, so that lvsctl finds it inside the lab. */
  readonly inventory?: string | undefined;
  /** Ends the attempt; what was begun is taken down. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (text: string) => void;
}

/** Seconds a host may take to answer on its ssh port. */
const bootLimit = 180;

/**
 * Builds the images if need be, boots the hosts and waits until each answers on its ssh port. A lab of the same hosts that is up
 * already is left as it is. Throws a LabFailure, and leaves nothing behind, when that cannot be done.
 */
export async function up(spec: LabSpec, options: UpOptions): Promise<Lab> {
  requireMachine();
  checkNames(spec, options);
  for (const folder of [options.folder, cacheFolder(process.env)]) checkFolder(resolve(folder));
  const paths = layout(options.folder);
  const onWait = (): void => {
    options.onProgress('another lvsctl works on this lab; waiting for it');
  };
  return locked(
    paths.lock,
    onWait,
    async () => (await standing(paths, spec, options)) ?? (await build(paths, spec, options)),
  );
}

/** The lab that is already up in the folder, if it is the one asked for. */
async function standing(paths: Layout, spec: LabSpec, options: UpOptions): Promise<Lab | undefined> {
  const lab = openLab(paths.folder);
  if (lab === undefined) return undefined;
  if (!(await isAlive(lab))) {
    options.onProgress('clearing away a lab that has died here');
    await takeDown(paths);
    return undefined;
  }
  if (JSON.stringify(lab.record.spec) === JSON.stringify(spec) && lab.image === options.image) {
    return restarted(lab, new Set(options.hosts ?? spec.hosts.map((host) => host.name)), options);
  }
  throw new LabFailure('another lab is up in this folder (other hosts or another image)', 'lvsctl lab down');
}

/** A lab that is up, those of its hosts that were off started again. */
async function restarted(lab: Lab, wanted: ReadonlySet<string>, options: UpOptions): Promise<Lab> {
  for (const host of wanted) await ask(lab.layout.control, { ask: 'poweron', host });
  await booted(lab, wanted, options);
  options.onProgress('the lab is up already');
  return lab;
}

async function build(paths: Layout, spec: LabSpec, options: UpOptions): Promise<Lab> {
  const network = topology(spec);
  const bases = await basesFor(spec, options);
  const start = Date.now();
  const record: LabRecord = {
    ...{ version: 2, spec, image: options.image, bases },
    ...{ memory: options.memory ?? 256, topology: network, inventory: options.inventory },
  };
  const running = new Set(options.hosts ?? spec.hosts.map((host) => host.name));
  await takeDown(paths);
  try {
    await Promise.all([prepare(paths, record, running), makeNamespace(paths.namespace, network)]);
    const lab = labOf(paths, record);
    await startSupervisor(paths);
    options.onProgress(`booting ${running.size} host${running.size === 1 ? '' : 's'}`);
    await booted(lab, running, options);
    options.onProgress(`${running.size} of ${running.size} hosts up in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return lab;
  } catch (error) {
    await takeDown(paths);
    throw error;
  }
}

/** The images that the hosts of the lab start from, from the cache or built. */
async function basesFor(spec: LabSpec, options: UpOptions): Promise<LabRecord['bases']> {
  const cache = cacheFolder(process.env);
  const wanted = systems.filter((system) => spec.hosts.some((host) => host.system === system));
  const bases: [string, HostBase][] = [];
  for (const system of wanted) {
    const { built, kernel, disks } = await images(cache, system, options);
    options.onProgress(
      built === undefined
        ? `images of ${system} from the cache (${cache})`
        : `images of ${system} built in ${built.toFixed(0)} s`,
    );
    bases.push([system, { kernel, disk: disks[options.image] }]);
  }
  return Object.fromEntries(bases);
}

/** Starts the supervisor inside the namespace, as a process of its own that outlives this one. */
async function startSupervisor(paths: Layout): Promise<void> {
  await mkdir(paths.run, { recursive: true, mode: 0o700 });
  const output = openSync(paths.supervisorLog, 'a');
  const child = spawn(
    'ip',
    ['netns', 'exec', paths.namespace, process.execPath, ...programArguments('lab/supervisor'), paths.folder],
    {
      stdio: ['ignore', output, output],
      detached: true,
      cwd: '/',
    },
  );
  closeSync(output);
  child.on('error', () => undefined);
  child.unref();
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await ask(paths.control, { ask: 'status' })) !== undefined) return;
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  const log = await run('tail', ['-n', '5', paths.supervisorLog]);
  throw new LabFailure(`the lab's supervisor did not start:\n${log.trim()}`);
}

/** Resolves when a host answers on its ssh port after `poweron`. Throws a LabFailure after 180 s, or when the host dies. */
export async function ready(lab: Lab, host: string): Promise<void> {
  await booted(lab, new Set([host]), {});
}

/** Resolves when every host that should run has greeted on its ssh port. */
async function booted(lab: Lab, running: ReadonlySet<string>, options: Pick<UpOptions, 'signal'>): Promise<void> {
  const end = Date.now() + bootLimit * 1000;
  for (;;) {
    if (options.signal?.aborted === true) throw new LabFailure('interrupted; the lab was taken down again');
    const hosts = await ask(lab.layout.control, { ask: 'status' });
    if (hosts === undefined) throw new LabFailure(`the lab's supervisor died; see ${lab.layout.supervisorLog}`);
    const waiting = hosts.filter((host) => running.has(host.name) && host.power !== 'up');
    if (waiting.length === 0) return;
    const dead = waiting.find((host) => host.power === 'crashed' || host.power === 'off');
    if (dead !== undefined || Date.now() > end) throw await bootFailure(lab, waiting, dead);
    await sleep(100);
  }
}

async function bootFailure(
  lab: Lab,
  waiting: readonly SupervisedHost[],
  dead: SupervisedHost | undefined,
): Promise<LabFailure> {
  const name = dead?.name ?? waiting[0]?.name ?? '';
  const tail = await run('tail', ['-n', '15', hostLayout(lab.layout, name).console]);
  const what =
    dead === undefined
      ? `no ssh on ${waiting.map((host) => host.name).join(', ')} after ${bootLimit} s`
      : `${name} died`;
  return new LabFailure(`the hosts did not boot: ${what}. The end of the console of ${name}:\n${tail.trim()}`);
}

/** A kernel reads its disks' files from its command line: a name ends at a space or quotation mark, and at a comma or colon, before the next one. */
function checkFolder(folder: string): void {
  const [sign] = /[\s,:"]/.exec(folder) ?? [];
  if (sign === undefined) return;
  throw new LabFailure(
    `the lab cannot lie in ${folder}: the kernels of its hosts take ${JSON.stringify(sign)} for the end of a file's name`,
    'name another folder by --folder, and another cache by LVSCTL_LAB_CACHE',
  );
}

function checkNames(spec: LabSpec, options: UpOptions): void {
  const names = spec.hosts.map((host) => host.name);
  if (names.length === 0) throw new LabFailure('the inventory has no hosts');
  const stray = (options.hosts ?? []).filter((name) => !names.includes(name));
  if (stray.length > 0) throw new LabFailure(`no such host: ${stray.join(', ')}`, `the hosts are ${names.join(', ')}`);
  const bare = spec.hosts.find((host) => host.nics.length === 0);
  if (bare !== undefined) throw new LabFailure(`host ${bare.name} has no address that the lab could give it`);
}

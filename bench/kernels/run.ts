/** Times a run without a change over many hosts with real kernels, lvsctl's and Ansible's; see ../README.md. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { totalmem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { down, labSpec, up, type Lab } from '../../src/lab/index.ts';
import { layout } from '../../src/lab/layout.ts';
import { run } from '../../src/lab/run.ts';
import type { Contender, Outcome, Site } from '../contender.ts';
import { deployment, noChange } from '../contenders/ansible.ts';
import { apply, lvsctl, plan } from '../contenders/lvsctl.ts';
import { BenchFailure } from '../failure.ts';
import { clusterOf } from '../inventory.ts';
import { machine } from '../machine.ts';
import { once } from '../measure.ts';
import { openBox } from '../peer/box.ts';
import { ansibleRoot } from '../peer/root.ts';
import { writeBetween } from '../report/files.ts';
import { findingsText, type Runs } from './findings.ts';
import { ansibleInventory, lvsctlInventory } from './hosts.ts';

/** MiB of a host. */
const memory = 256;

/** Hosts that boot at once: each has to answer within three minutes. */
const batch = 20;

/** Runs of each: Ansible takes minutes for one. */
const runs = { lvsctl: 5, ansible: 2 };

const usage = 'npm run bench -- kernels [--hosts N], 4 to 103 of them';

/** What it needs to run. */
interface Bench {
  readonly hosts: number;
  readonly folder: string;
  /** The inventory. */
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** Runs it, and writes down what it found. Throws BenchFailure and LabFailure. */
export async function kernels(
  argv: readonly string[],
  { signal, onProgress }: Pick<Bench, 'signal' | 'onProgress'>,
): Promise<void> {
  const hosts = hostsOf(argv);
  const least = (hosts * memory) / 1024 + 2;
  if (totalmem() / 2 ** 30 < least) throw new BenchFailure(`${hosts} hosts take ${least.toFixed(0)} GiB of memory`);
  const here = machine();
  const folder = await mkdtemp(join(tmpdir(), 'lvsctl-bench-'));
  const bench: Bench = { hosts, folder, file: join(folder, 'kernels.yaml'), signal, onProgress };
  try {
    await writeFile(bench.file, lvsctlInventory(hosts));
    const found: Runs = { lvsctl: await ofLvsctl(bench), ansible: await ofAnsible(bench) };
    const text = findingsText(here, hosts, found);
    console.log(`\n${text}`);
    await writeBetween('docs/performance.md', 'kernels', text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function hostsOf(argv: readonly string[]): number {
  try {
    const { hosts } = parseArgs({ args: [...argv], options: { hosts: { type: 'string', default: '20' } } }).values;
    if (/^\d+$/.test(hosts) && Number(hosts) >= 4 && Number(hosts) <= 103) return Number(hosts);
  } catch {
    // Said below.
  }
  throw new BenchFailure(usage);
}

async function ofLvsctl(bench: Bench): Promise<Outcome[]> {
  return inLab(bench, async (site) => {
    const of = (contender: Contender, words: readonly string[]): Contender => ({
      ...contender,
      command: () => lvsctl(site, words, bench.file),
    });
    // All at once, some hosts would wait for a processor longer than a connection waits for them.
    await once(of(apply, ['apply', '--yes', '--serial', '8']), site, bench);
    return repeated(runs.lvsctl, () => once(of(plan, ['plan', '--exit-code']), site, bench));
  });
}

async function ofAnsible(bench: Bench): Promise<Outcome[]> {
  const root = await ansibleRoot(bench);
  return inLab(bench, async (nobodys) => {
    const box = await openBox(nobodys.lab, root);
    try {
      const write = ['sh', '-c', 'printf %s "$1" >inventory.yaml', 'sh', ansibleInventory(bench.hosts)];
      const [program = '', ...words] = box.command(write);
      await run(program, words, bench);
      const site: Site = { ...nobodys, box: () => Promise.resolve(box) };
      await once(deployment, site, bench);
      return await repeated(runs.ansible, () => once(noChange, site, bench));
    } finally {
      await box.close();
    }
  });
}

/** Boots the hosts, some at a time, from the image that has the packages, and takes them down at the end. */
async function inLab<T>(bench: Bench, use: (site: Site) => Promise<T>): Promise<T> {
  const spec = labSpec(await clusterOf(bench.file));
  const names = spec.hosts.map(({ name }) => name);
  const folder = join(bench.folder, 'lab');
  try {
    let lab: Lab | undefined;
    for (let booted = batch; lab === undefined || booted < names.length + batch; booted += batch)
      lab = await up(spec, { ...bench, folder, image: 'warm', memory, hosts: names.slice(0, booted) });
    const nobody = (): never => {
      throw new Error('no root of Ansible was opened here');
    };
    return await use({ lab, vip: spec.reserved[0] ?? '', box: nobody });
  } finally {
    await down(folder);
    await rm(layout(folder).lock, { force: true });
  }
}

async function repeated<T>(times: number, run: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  while (all.length < times) all.push(await run());
  return all;
}

/** Measures `lvsctl plan` on many fake hosts; see ../README.md. Exit codes: 0 every goal met, 1 not, 2 not measured. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BenchFailure } from '../failure.ts';
import { machine } from '../machine.ts';
import { writeBetween } from '../report/files.ts';
import { findings, findingsTable, findingsText, type Runs } from './findings.ts';
import type { Metered } from './meter.ts';
import { compiledFolder, openWorld, type World } from './programs.ts';

/** Milliseconds by which the round trip to a host is longer than that of loopback. */
const delay = 50;

/** How many hosts, how often each, and the same of the floor; what takes a minute is run once. */
const plan = [
  { hosts: 100, runs: 5 },
  { hosts: 1000, runs: 5 },
  { hosts: 10_000, runs: 1 },
] as const;

/** Names the folder of the bench to the part of it that runs in namespaces of its own. */
const inside = 'LVSCTL_BENCH_INSIDE';

const usage = 'npm run bench -- scale [--hosts 100,1000,10000] [--runs N] [--profile FOLDER] [--write]';

try {
  const folder = process.env[inside];
  process.exitCode = folder === undefined ? await enclosed() : await bench(folder);
} catch (error) {
  if (!(error instanceof BenchFailure)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

/** Runs this again in namespaces of its own: there is nothing but loopback, and every process in them ends with the first. */
async function enclosed(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'lvsctl-scale-'));
  const argv = ['-n', '-pf', '-m', '--mount-proc', '--kill-child', process.execPath, ...process.execArgv];
  const child = spawn('unshare', [...argv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [inside]: folder },
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill('SIGKILL'));
  try {
    return await ended(child);
  } finally {
    for (const path of [folder, compiledFolder(folder)]) await rm(path, { recursive: true, force: true });
  }
}

async function bench(folder: string): Promise<number> {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((word) => word !== 'scale'),
    options: {
      hosts: { type: 'string' },
      runs: { type: 'string' },
      profile: { type: 'string' },
      write: { type: 'boolean' },
    },
  });
  const chosen = values.hosts?.split(',').map(Number);
  const steps = plan.filter(({ hosts }) => chosen?.includes(hosts) ?? true);
  if (steps.length === 0) throw new BenchFailure(usage);
  const here = machine();
  if ((await ended(spawn('ip', ['link', 'set', 'lo', 'up'], { stdio: 'inherit' }))) !== 0)
    throw new BenchFailure('the network of the fake hosts cannot be made: it takes root');
  onProgress('recording a host, starting the others');
  const sizes = steps.map(({ hosts }) => hosts);
  const world = await openWorld({ folder, sizes, delay, profile: values.profile });
  const all: Runs[] = [];
  try {
    for (const { hosts, runs } of steps) all.push(await measured(world, hosts, Number(values.runs ?? runs)));
  } finally {
    world.end();
  }
  const found = findings(all);
  console.log(`\n${findingsTable(found)}`);
  if (values.write ?? Object.keys(values).length === 0)
    await writeBetween('docs/performance.md', 'scale', findingsText(here, delay, all));
  return found.every(({ met }) => met) ? 0 : 1;
}

/** In turns: what else happens on the machine hits all alike. */
async function measured(world: World, hosts: number, runs: number): Promise<Runs> {
  const found = { hosts, plan: [] as Metered[], terminal: [] as Metered[], floor: [] as Metered[] };
  for (let round = 0; round < runs; round += 1) {
    const turns = [
      async () => found.plan.push(await world.plan(hosts)),
      async () => found.floor.push(await world.floor(hosts)),
      ...(hosts === 1000 ? [async () => found.terminal.push(await world.plan(hosts, 'terminal'))] : []),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
    onProgress(`${hosts} hosts, round ${round + 1}: ${JSON.stringify([found.plan.at(-1), found.floor.at(-1)])}`);
  }
  return found;
}

function onProgress(text: string): void {
  console.error(`${performance.now().toFixed(0).padStart(7)} ms  ${text}`);
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(
        new BenchFailure(`${child.spawnfile} could not be started (${error.message}): root and util-linux are needed`),
      );
    });
    child.on('exit', (code, name) => {
      resolve(code ?? 128 + (name === null ? 0 : constants.signals[name]));
    });
  });
}

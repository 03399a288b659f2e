/** Runs drills on a lab and writes what they measured into docs/drills.md. Exit codes: 0 every one within its bounds, 1 not, 2 not measured. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { DrillReport, DrillResult, Measure } from '../src/drill/result.ts';
import { loadCluster } from '../src/inventory/load.ts';
import { down, environment, labSpec, up, type Lab } from '../src/lab/index.ts';
import { machine } from './machine.ts';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs', 'drills.md');

/** What is run, one inventory after the other on the same hosts. */
const sessions = [
  { inventory: 'modes.yaml', about: 'adverts every second', drills: ['drain', 'stop-keepalived', 'power-off'] },
  { inventory: 'sub-second.yaml', about: 'adverts every 0.1 s, version 3', drills: ['stop-keepalived', 'power-off'] },
] as const;

/** How an lvsctl in the lab ended. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
}

function lvsctl(lab: Lab, inventory: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const argv = ['netns', 'exec', lab.namespace, process.execPath, join(root, 'dist', 'main.js'), ...args];
    const child = spawn('ip', argv, {
      env: { ...process.env, ...environment(lab), LVSCTL_INVENTORY: inventory },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (data: string) => (stdout += data));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? 1, stdout });
    });
  });
}

/** What a line of the table is about. */
interface Row {
  readonly drill: DrillResult;
  readonly measure: Measure;
  readonly about: string;
}

const modes: Readonly<Record<string, string>> = { dr: 'DR', tun: 'TUN', nat: 'NAT' };

/** One measure beside its bound: none is left out, and least of all one that failed. */
function cells({ drill, measure, about }: Row): string[] {
  const { unit, measured, bound, service, kind, text, ok } = measure;
  const show = (value: number): string =>
    unit === 'requests' ? `${value} requests` : `${(value / 1000).toFixed(2)} s`;
  const what =
    service === undefined ? text : `${kind === 'gap' ? 'longest gap' : 'failures'}, ${phase(measure, drill)}`;
  const mode = service === undefined ? '' : (modes[service] ?? service);
  return [
    drill.name,
    about,
    mode,
    what,
    measured === undefined ? 'never' : show(measured),
    show(bound),
    ok ? 'yes' : '**no**',
  ];
}

function phase({ kind, window }: Measure, { marks }: DrillResult): string {
  if (kind !== 'gap') return 'all the time';
  const healed = marks.find(({ type }) => type === 'heal')?.at ?? Number.POSITIVE_INFINITY;
  return window.from < healed ? 'after the fault' : 'after the return';
}

function table(rows: readonly Row[]): string {
  const head = ['drill', 'timers', 'mode', 'what', 'measured', 'at most', 'within'];
  const lines = [head, head.map(() => '---'), ...rows.map(cells)].map((line) => `| ${line.join(' | ')} |`);
  const { date, cores, load } = machine();
  return [
    `By \`npm run drills\` on ${date}: virtual hosts of the lab on one machine with ${cores} cores (load ${load.toFixed(1)} at the end: more than ${cores} means that`,
    "others work on it too), asked from the operator's side, all modes at once.",
    '',
    ...lines,
  ].join('\n');
}

async function write(text: string): Promise<void> {
  const [begin, end] = ['<!-- drills:begin -->', '<!-- drills:end -->'];
  const before = await readFile(page, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no markers ${begin} and ${end}`);
  const after = `${before.slice(0, from + begin.length)}\n\n${text}\n\n${before.slice(to)}`;
  const style = (await resolveConfig(page)) ?? {};
  await writeFile(page, await format(after, { ...style, parser: 'markdown' }));
}

async function measure(lab: Lab, signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { inventory, about, drills } of sessions) {
    if (signal.aborted) break;
    const file = join(root, 'bench', 'drills', inventory);
    const applied = await lvsctl(lab, file, ['apply', '--yes']);
    if (applied.code !== 0) throw new Error(`${inventory} could not be applied:\n${applied.stdout}`);
    const { stdout } = await lvsctl(lab, file, ['drill', ...drills, '--json']);
    const report = JSON.parse(stdout) as DrillReport;
    const kept = process.env['DRILLS_KEEP'];
    if (kept !== undefined) await writeFile(join(kept, `${inventory}.json`), stdout);
    for (const drill of report.drills) {
      process.stderr.write(`${inventory}: ${drill.name}: ${[drill.status, ...drill.reasons].join('; ')}\n`);
      rows.push(...drill.measures.map((measure) => ({ drill, measure, about })));
    }
  }
  return rows;
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    stop.abort();
  });
}
const loaded = await loadCluster(join(root, 'bench', 'drills', sessions[0].inventory), {});
if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
const folder = await mkdtemp(join(tmpdir(), 'lvsctl-drills-'));
process.exitCode = 2;
try {
  const lab = await up(labSpec(loaded.value), {
    folder: join(folder, 'lab'),
    image: 'warm',
    onProgress: () => undefined,
  });
  const rows = await measure(lab, stop.signal);
  if (!stop.signal.aborted) {
    await write(table(rows));
    process.exitCode = rows.length > 0 && rows.every(({ drill }) => drill.status === 'passed') ? 0 : 1;
  }
} finally {
  await down(join(folder, 'lab'));
  await rm(folder, { recursive: true, force: true });
}

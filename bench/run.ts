/** Times lvsctl against its peers, on labs that it boots; see README.md. Exit codes: 0 every goal met, 1 not, 2 not measured. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventory, program } from './contenders/lvsctl.ts';
import { interruption, reported } from './ending.ts';
import { BenchFailure } from './failure.ts';
import { kernels } from './kernels/run.ts';
import { clusterOf } from './inventory.ts';
import { Labs } from './labs.ts';
import { machine } from './machine.ts';
import { measure } from './measure.ts';
import { readOptions, type Options } from './options.ts';
import { ansibleRoot } from './peer/root.ts';
import { writeFindings } from './report/files.ts';
import { rowsOf, type Row } from './report/rows.ts';
import { tableText } from './report/text.ts';
import { versions } from './versions.ts';

const start = Date.now();
const signal = interruption();

try {
  if (process.argv[2] === 'scale') await import('./scale/run.ts');
  else if (process.argv[2] === 'kernels') await kernels(process.argv.slice(3), { signal, onProgress });
  else process.exitCode = await bench(readOptions(process.argv.slice(2)));
} catch (error) {
  process.exitCode = reported(error, signal);
}

async function bench({ measurements, most, full }: Options): Promise<number> {
  requireProgram();
  const here = machine();
  const cluster = await clusterOf(inventory);
  const root = await ansibleRoot({ onProgress, signal });
  const folder = await mkdtemp(join(tmpdir(), 'lvsctl-bench-'));
  const labs = new Labs({ cluster, root, folder, signal, onProgress });
  try {
    const rows: Row[] = [];
    for (const measurement of measurements) {
      onProgress(measurement.title);
      rows.push(...rowsOf(measurement, await measure(measurement, { labs, most, folder, signal, onProgress })));
    }
    const site = await labs.running('lvsctl');
    const seen = site === undefined ? new Map<string, string>() : await versions(root, site);
    console.log(`\n${tableText(rows)}\n\n${[...seen].map(([name, version]) => `${name} ${version}`).join(' · ')}`);
    if (full) await writeFindings({ machine: here, versions: seen, rows });
    return rows.some(({ met }) => met === false) ? 1 : 0;
  } finally {
    await labs.end();
    await rm(folder, { recursive: true, force: true });
  }
}

function requireProgram(): void {
  const lacking = program.find((file) => !existsSync(file));
  if (lacking !== undefined) throw new BenchFailure(`${lacking} is missing: npm run build`);
}

function onProgress(text: string): void {
  console.error(`${((Date.now() - start) / 1000).toFixed(0).padStart(5)} s  ${text}`);
}

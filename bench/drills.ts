/**
 * Runs drills on a lab and writes what came of them into docs/drills.md: `gaps`, what users feel in each mode, and `planted`, whether
 * each drill passes and can fail. Exit codes: 0 all as they must be, 1 not, 2 not measured.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { down, labSpec, up } from '../src/lab/index.ts';
import { gaps } from './drills/gaps.ts';
import { planted } from './drills/planted.ts';
import { interruption, reported } from './ending.ts';
import { BenchFailure } from './failure.ts';
import { clusterOf } from './inventory.ts';
import { writeBetween } from './report/files.ts';

const parts = { gaps, planted };
const names = Object.keys(parts) as (keyof typeof parts)[];
const signal = interruption();

try {
  process.exitCode = await drills(process.argv.slice(2));
} catch (error) {
  process.exitCode = reported(error, signal);
}

async function drills(asked: readonly string[]): Promise<number> {
  const unknown = asked.find((one) => !names.some((name) => name === one));
  if (unknown !== undefined)
    throw new BenchFailure(`${unknown} is none of ${names.join(', ')}: npm run drills [-- ${names.join(' ')}]`);
  // The hosts of this one are those of all of them.
  const cluster = await clusterOf(join(import.meta.dirname, 'drills', 'planted.yaml'));
  const folder = await mkdtemp(join(tmpdir(), 'lvsctl-drills-'));
  try {
    const lab = await up(labSpec(cluster), {
      folder: join(folder, 'lab'),
      image: 'warm',
      onProgress: () => undefined,
    });
    let failed = false;
    for (const name of names.filter((one) => asked.length === 0 || asked.includes(one))) {
      const { text, ok } = await parts[name](lab, signal);
      await writeBetween('docs/drills.md', name, text);
      failed ||= !ok;
    }
    return failed ? 1 : 0;
  } finally {
    await down(join(folder, 'lab'));
    await rm(folder, { recursive: true, force: true });
  }
}

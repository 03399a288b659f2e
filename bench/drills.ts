/**
 * Runs drills on a lab and writes what came of them into docs/drills.md: `gaps`, what users feel in each mode, and `planted`, whether
 * each drill passes and can fail. Exit codes: 0 all as they must be, 1 not, 2 not measured.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCluster } from '../src/inventory/load.ts';
import { down, labSpec, up } from '../src/lab/index.ts';
import { gaps } from './drills/gaps.ts';
import { planted } from './drills/planted.ts';
import { write } from './drills/table.ts';

const parts = { gaps, planted };
const names = Object.keys(parts) as (keyof typeof parts)[];
const asked = process.argv.slice(2);
const unknown = asked.find((one) => !names.some((name) => name === one));
if (unknown !== undefined)
  throw new Error(`${unknown} is none of ${names.join(', ')}: npm run drills [-- ${names.join(' ')}]`);

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    stop.abort();
  });
}
// The hosts of this one are those of all of them.
const loaded = await loadCluster(join(import.meta.dirname, 'drills', 'planted.yaml'), {});
if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
const folder = await mkdtemp(join(tmpdir(), 'lvsctl-drills-'));
process.exitCode = 2;
try {
  const lab = await up(labSpec(loaded.value), {
    folder: join(folder, 'lab'),
    image: 'warm',
    onProgress: () => undefined,
  });
  let failed = false;
  for (const name of names.filter((one) => asked.length === 0 || asked.includes(one))) {
    const { text, ok } = await parts[name](lab, stop.signal);
    await write(name, text);
    failed ||= !ok;
  }
  process.exitCode = failed ? 1 : 0;
} catch (error) {
  if (!stop.signal.aborted) throw error;
  process.stderr.write('Interrupted: the table is as it was.\n');
} finally {
  await down(join(folder, 'lab'));
  await rm(folder, { recursive: true, force: true });
}

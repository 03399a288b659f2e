/**
 * Tries faults on a lab that it boots, a line for each, and writes docs/reliability.md's table. Exit codes: 0 all survived, 1 not,
 * 2 it could not be tried.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anySeed, Chaos, type Outcome } from './chaos.ts';
import { caseName, inOrder } from './matrix.ts';
import { readOptions, type Options } from './options.ts';
import { Random } from './random.ts';
import { firstShop } from './shop.ts';
import { counted, readTally, writeTally } from './table.ts';

const page = join(import.meta.dirname, '..', '..', 'docs', 'reliability.md');
const inventory = join(import.meta.dirname, 'shop.yaml');

let stopped = false;
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => {
    stopped = true;
    say('stopped: the case that runs comes to its end');
  });

try {
  process.exitCode = await run(readOptions(process.argv.slice(2)));
} catch (error) {
  say((error as Error).message);
  process.exitCode = 2;
}

async function run({ seed = anySeed(), chosen, most }: Options): Promise<number> {
  const order = inOrder(chosen, new Random(seed), firstShop).slice(0, most);
  say(`seed ${seed}, ${order.length} cases`);
  let chaos = await Chaos.open(seed, inventory);
  let failed = 0;
  let done = 0;
  try {
    for (const one of order) {
      if (stopped) break;
      const outcome = await chaos.run(one);
      if (chaos.broken) {
        await chaos.close();
        chaos = await Chaos.open(seed, inventory);
      }
      done += 1;
      if (outcome.problems.length > 0) failed += 1;
      say(`${String(done).padStart(3)} ${line(outcome)}`);
      await note(outcome, seed);
    }
  } finally {
    await chaos.close();
  }
  say(`seed ${seed}: ${done} tried, ${done - failed} survived`);
  return failed === 0 && done > 0 ? 0 : 1;
}

/** After each case: a run that breaks off has told what it has seen. */
async function note({ one, problems }: Outcome, seed: number): Promise<void> {
  const text = await readFile(page, 'utf8');
  const tried = { seed, survived: problems.length === 0 };
  const day = new Date().toISOString().slice(0, 10);
  await writeFile(page, writeTally(text, counted(readTally(text), one, tried, day)));
}

function line({ one, host, moment, problems, seconds, code }: Outcome): string {
  const mark = problems.length === 0 ? '✔' : '✖';
  const end = code === undefined ? 'killed' : `exit ${code}`;
  const head = `${mark} ${caseName(one).padEnd(40)} ${host.padEnd(6)} ${moment}: ${end} (${seconds} s)`;
  return [head, ...problems.map((problem) => `    ${problem.replaceAll('\n', '\n    ')}`)].join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { drills } from '../../src/drill/drills/index.ts';
import type { DrillResult, Measure } from '../../src/drill/result.ts';
import type { Lab } from '../../src/lab/index.ts';
import { BenchFailure } from '../failure.ts';
import { signalKeepalived } from './hang.ts';
import { Program } from './program.ts';
import { table, within } from './table.ts';

/** How often, and after how many milliseconds, it is looked whether a backup that was hung is whole again. */
const looks = { most: 20, pause: 3000 };

/**
 * The table of all drills on a cluster that is whole, and on one whose backup is not what it seems: its keepalived hangs, which
 * neither a plan nor `verify` sees. `ok` says whether each passed on the first, missed a bound on the second, and left both as they
 * were.
 */
export async function planted(lab: Lab, stop: AbortSignal): Promise<{ readonly text: string; readonly ok: boolean }> {
  const program = new Program(lab, 'planted.yaml');
  await program.apply();
  const rows: string[][] = [];
  let ok = true;
  for (const { name } of drills) {
    stop.throwIfAborted();
    const whole = await only(program, name);
    await program.on('lb2', signalKeepalived('STOP'));
    const hung = await only(program, name).finally(() => program.on('lb2', signalKeepalived('CONT')));
    await wholeAgain(program, stop);
    const sound = whole.status === 'passed' && whole.restored === true;
    const missed = hung.measures.filter((measure) => !measure.ok);
    const found = hung.status === 'failed' && hung.restored === true && missed.length > 0;
    ok &&= sound && found;
    process.stderr.write(`${name}: ${ended(whole)}; with the backup hung: ${ended(hung)}\n`);
    rows.push([
      `\`${name}\``,
      sound ? worst(whole.measures).map(told).join('; ') : `**${ended(whole)}**`,
      found ? missed.slice(0, 2).map(told).join('; ') : `**${ended(hung)}**`,
    ]);
  }
  return { text: table(['drill', 'passes on a whole cluster', 'fails with the backup hung'], rows), ok };
}

async function only(program: Program, name: string): Promise<DrillResult> {
  const [drill] = (await program.drill(name)).drills;
  if (drill === undefined) throw new BenchFailure(`${name} was not run`);
  return drill;
}

async function wholeAgain(program: Program, stop: AbortSignal): Promise<void> {
  for (let look = 0; look < looks.most; look++) {
    if (await program.isWhole()) return;
    await sleep(looks.pause, undefined, { signal: stop });
  }
  throw new BenchFailure('the cluster is not whole again');
}

function ended({ status, reasons, restored }: DrillResult): string {
  return [status, ...reasons, ...(restored === false ? ['not as it was before'] : [])].join('; ');
}

/** Of each kind the measure that came closest to its bound. */
function worst(measures: readonly Measure[]): Measure[] {
  const share = ({ measured = Infinity, bound }: Measure): number => (measured === 0 ? 0 : measured / bound);
  const closest = new Map<string, Measure>();
  for (const measure of measures) {
    const other = closest.get(measure.kind);
    if (other === undefined || share(measure) > share(other)) closest.set(measure.kind, measure);
  }
  return [...closest.values()];
}

function told(measure: Measure): string {
  const [measured, bound] = within(measure);
  return `${measure.kind} ${measured}, at most ${bound}`;
}

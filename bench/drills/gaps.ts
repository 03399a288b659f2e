import type { DrillResult, Measure } from '../../src/drill/result.ts';
import type { Lab } from '../../src/lab/index.ts';
import { Program } from './program.ts';
import { table, within } from './table.ts';

/** What is run, one inventory after the other on the same hosts. */
const sessions = [
  { inventory: 'modes.yaml', about: 'adverts every second', drills: ['drain', 'stop-keepalived', 'power-off'] },
  { inventory: 'sub-second.yaml', about: 'adverts every 0.1 s, version 3', drills: ['stop-keepalived', 'power-off'] },
  {
    inventory: 'sub-second-patient.yaml',
    about: 'the same, with preemptDelay',
    drills: ['stop-keepalived', 'freeze-keepalived', 'power-off'],
  },
] as const;

/** What a line of the table is about. */
interface Row {
  readonly drill: DrillResult;
  readonly measure: Measure;
  readonly about: string;
}

const modes: Readonly<Record<string, string>> = { dr: 'DR', tun: 'TUN', nat: 'NAT' };

/** One measure beside its bound: none is left out, and least of all one that failed. */
function cells({ drill, measure, about }: Row): string[] {
  const { service, kind, text, ok } = measure;
  const what =
    service === undefined ? text : `${kind === 'gap' ? 'longest gap' : 'failures'}, ${phase(measure, drill)}`;
  const mode = service === undefined ? '' : (modes[service] ?? service);
  return [drill.name, about, mode, what, ...within(measure), ok ? 'yes' : '**no**'];
}

function phase({ kind, window }: Measure, { marks }: DrillResult): string {
  if (kind !== 'gap') return 'all the time';
  const healed = marks.find(({ type }) => type === 'heal')?.at ?? Number.POSITIVE_INFINITY;
  return window.from < healed ? 'after the fault' : 'after the return';
}

/** The table of what users feel, in each forwarding mode and with quicker timers, and whether every drill was within its bounds. */
export async function gaps(lab: Lab, signal: AbortSignal): Promise<{ readonly text: string; readonly ok: boolean }> {
  const rows: Row[] = [];
  for (const { inventory, about, drills } of sessions) {
    signal.throwIfAborted();
    const program = new Program(lab, inventory);
    await program.apply();
    for (const drill of (await program.drill(...drills)).drills) {
      process.stderr.write(`${inventory}: ${drill.name}: ${[drill.status, ...drill.reasons].join('; ')}\n`);
      rows.push(...drill.measures.map((measure) => ({ drill, measure, about })));
    }
  }
  const head = ['drill', 'timers', 'mode', 'what', 'measured', 'at most', 'within'];
  return { text: table(head, rows.map(cells)), ok: rows.every(({ drill }) => drill.status === 'passed') };
}

import { machineText, type Machine } from '../machine.ts';
import { median } from '../statistics.ts';
import type { Metered } from './meter.ts';

/** Runs by what ran: lvsctl at so many hosts, the same with the terminal view, and the floor. */
export interface Runs {
  readonly hosts: number;
  readonly plan: readonly Metered[];
  readonly terminal: readonly Metered[];
  readonly floor: readonly Metered[];
}

/** One figure beside what it should be. */
export interface Finding {
  readonly what: string;
  readonly found: string;
  readonly goal: string;
  readonly met: boolean;
}

/** What the runs say about the goals; those that need a size that was not run are left out. */
export function findings(all: readonly Runs[]): Finding[] {
  const at = (hosts: number): Runs | undefined => all.find((runs) => runs.hosts === hosts && runs.plan.length > 0);
  const [hundred, thousand, tenThousand] = [at(100), at(1000), at(10_000)];
  const found: Finding[] = [];
  for (const runs of [hundred, thousand, tenThousand]) {
    if (runs === undefined) continue;
    const cost = eachMs(runs);
    const least = runs.floor.length > 0 ? `; the floor ${eachMs({ ...runs, plan: runs.floor }).toFixed(1)} ms` : '';
    found.push({
      what: `processor time a host, ${count(runs.hosts)} hosts`,
      found: `${cost.toFixed(1)} ms${least}`,
      goal: runs.hosts > 1000 ? '' : '≤ 5 ms',
      met: runs.hosts > 1000 || cost <= 5,
    });
  }
  if (hundred && thousand) {
    const more = (of('cpu', thousand.plan) - of('cpu', hundred.plan)) / (thousand.hosts - hundred.hosts);
    found.push({
      what: 'processor time of one more host between 100 and 1,000',
      found: `${(more * 1000).toFixed(1)} ms`,
      goal: `≤ ${eachMs(hundred).toFixed(1)} ms, what one of the first 100 costs`,
      met: more * 1000 <= eachMs(hundred),
    });
  }
  for (const [runs, bound] of [
    [thousand, 250],
    [tenThousand, 1024],
  ] as const) {
    if (runs === undefined) continue;
    const peak = of('memory', runs.plan) / 2 ** 20;
    const found_ = `${peak.toFixed(0)} MiB`;
    found.push({
      what: `peak memory, ${count(runs.hosts)} hosts`,
      found: found_,
      goal: `≤ ${count(bound)} MiB`,
      met: peak <= bound,
    });
  }
  for (const runs of [thousand, tenThousand]) {
    if (runs === undefined || runs.floor.length === 0) continue;
    const [ours, least] = [of('wall', runs.plan), of('wall', runs.floor)];
    const goal = runs === thousand;
    found.push({
      what: `${count(runs.hosts)} hosts, against logins and one command at the same concurrency`,
      found: `${(ours / least).toFixed(2)}× (${ours.toFixed(1)} s, ${least.toFixed(1)} s)`,
      goal: goal ? '≤ 1.2×' : '',
      met: !goal || ours / least <= 1.2,
    });
  }
  if (thousand && thousand.terminal.length > 0) {
    const late = of('late', thousand.terminal);
    found.push({
      what: 'event loop delay, p99, 1,000 hosts, terminal view on',
      found: `${late.toFixed(0)} ms`,
      goal: '≤ 50 ms',
      met: late <= 50,
    });
  }
  return found;
}

/** The table, in Markdown. */
export function findingsTable(found: readonly Finding[]): string {
  const rows = found.map(({ what, found: figure, goal, met }) => [
    what,
    figure,
    goal,
    goal === '' ? '' : met ? 'yes' : '**no**',
  ]);
  return [['what', 'lvsctl plan', 'goal', 'met'], ['---', '---', '---', '---'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** What docs/performance.md holds of a run. */
export function findingsText(machine: Machine, delay: number, all: readonly Runs[]): string {
  const runs = all
    .filter(({ plan }) => plan.length > 0)
    .map(({ hosts, plan, floor }) => `${count(hosts)} hosts ${plan.length} (floor ${floor.length})`);
  return [
    `${machineText(machine)} Fake hosts on the same cores, ${delay} ms of round trip. Medians; runs: ${runs.join(', ')}.`,
    findingsTable(findings(all)),
  ].join('\n\n');
}

function of(what: keyof Metered, runs: readonly Metered[]): number {
  return median(runs.map((one) => one[what]));
}

/** Milliseconds of processor time a host. */
function eachMs({ hosts, plan }: Runs): number {
  return (of('cpu', plan) * 1000) / hosts;
}

function count(number: number): string {
  return number.toLocaleString('en');
}

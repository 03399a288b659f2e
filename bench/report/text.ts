import { machineText, type Machine } from '../machine.ts';
import type { Goal } from '../contender.ts';
import { median } from '../statistics.ts';
import type { Versions } from '../versions.ts';
import type { Row } from './rows.ts';

/** Everything that a run found out. */
export interface Findings {
  readonly machine: Machine;
  readonly versions: Versions;
  readonly rows: readonly Row[];
}

/** The table, in Markdown; it reads well on a terminal too. */
export function tableText(rows: readonly Row[]): string {
  const header = ['what', 'lvsctl', 'against', 'its time', 'ratio', 'goal', 'met'];
  const cells = rows.map((row) => [
    row.title,
    secondsText(row.oursSeconds),
    row.other.name,
    secondsText(row.otherSeconds),
    row.goal && 'atMost' in row.goal ? `takes ${(1 / row.ratio).toFixed(2)}×` : `${ratioText(row.ratio)} faster`,
    goalText(row.goal),
    row.met === undefined ? '' : row.met ? 'yes' : '**no**',
  ]);
  const lines = [header, header.map(() => '---'), ...cells];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => `| ${line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`)
    .join('\n');
}

/** What docs/performance.md holds of a run. */
export function findingsText({ machine, versions, rows }: Findings): string {
  return [
    machineText(machine),
    tableText(rows),
    'Seconds: the median, and every run in the order of the runs.',
    [...versions].map(([name, version]) => `${name} ${version}`).join(' · '),
  ].join('\n\n');
}

/** One line for the README: the comparisons that a goal is set for. */
export function summaryText({ machine, versions, rows }: Findings): string {
  const parts = rows
    .filter(({ goal, ratio }) => goal !== undefined && 'faster' in goal && ratio >= 1)
    .map(({ title, oursSeconds, otherSeconds, ratio }) => {
      const [ours, other] = [oursSeconds, otherSeconds].map((times) => `${rounded(median(times))} s`);
      return `${title.toLowerCase()}: ${ours ?? ''} against ${other ?? ''}, **${ratioText(ratio)} faster**`;
    });
  const core = versions.get('Ansible core') ?? '';
  return `Against a tuned Ansible playbook (core ${core.replace(/-.*/, '')}) on the same six virtual hosts — ${parts.join('; ')} (${machine.cores} cores, ${machine.date}).`;
}

function secondsText(times: readonly number[]): string {
  const all = times.map(rounded).join(' ');
  return times.length > 1 ? `**${rounded(median(times))}** (${all})` : `**${all}**`;
}

function goalText(goal: Goal | undefined): string {
  if (goal === undefined) return '';
  return 'faster' in goal ? `≥ ${goal.faster}×` : `≤ ${goal.atMost}×`;
}

function ratioText(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)}×`;
}

function rounded(seconds: number): string {
  return seconds.toFixed(seconds < 10 ? 2 : 0);
}

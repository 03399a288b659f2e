import type { Outcome } from '../contender.ts';
import { machineText, type Machine } from '../machine.ts';
import { median } from '../statistics.ts';

/** The runs of both. */
export interface Runs {
  readonly lvsctl: readonly Outcome[];
  readonly ansible: readonly Outcome[];
}

/** What docs/performance.md holds of the runs over so many hosts. */
export function findingsText(machine: Machine, hosts: number, { lvsctl, ansible }: Runs): string {
  const row = (what: string, unit: string, figure: (outcome: Outcome) => number): string => {
    const [ours, theirs] = [lvsctl.map(figure), ansible.map(figure)];
    const ratio = median(theirs) / median(ours);
    return `| ${[what, cell(ours, unit), cell(theirs, unit), `${ratio.toFixed(0)}×`].join(' | ')} |`;
  };
  return [
    `${machineText(machine)} ${hosts} hosts with kernels of their own, on the same cores. Medians, and every run.`,
    [
      '| nothing to change | lvsctl plan | ansible-playbook | ratio |',
      '| --- | --- | --- | --- |',
      row('from start to end', 's', ({ seconds }) => seconds),
      row('processor time here, a host', 'ms', ({ processorSeconds }) => (processorSeconds * 1000) / hosts),
    ].join('\n'),
  ].join('\n\n');
}

function cell(values: readonly number[], unit: string): string {
  const rounded = (value: number): string => value.toFixed(value < 20 ? 1 : 0);
  return `**${rounded(median(values))} ${unit}** (${values.map(rounded).join(' ')})`;
}

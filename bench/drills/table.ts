import type { Measure } from '../../src/drill/result.ts';
import { machine } from '../machine.ts';

/** What was measured and its bound, for people. */
export function within({ unit, measured, bound }: Measure): [measured: string, bound: string] {
  const show = (value: number): string =>
    unit === 'requests' ? `${value} requests` : `${(value / 1000).toFixed(2)} s`;
  return [measured === undefined ? 'never' : show(measured), show(bound)];
}

/** A table in Markdown, with where and when it came about. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const { date, cores, load } = machine();
  return [
    `By \`npm run drills\` on ${date}: virtual hosts of the lab on one machine with ${cores} cores (load ${load.toFixed(1)} at the end: more than ${cores} means that`,
    "others work on it too), asked from the operator's side.",
    '',
    ...[head, head.map(() => '---'), ...rows].map((line) => `| ${line.join(' | ')} |`),
  ].join('\n');
}

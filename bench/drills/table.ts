import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Measure } from '../../src/drill/result.ts';
import { machine } from '../machine.ts';

const page = join(import.meta.dirname, '..', '..', 'docs', 'drills.md');

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

/** Puts a text between the two comments of docs/drills.md that have the name. */
export async function write(name: string, text: string): Promise<void> {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const before = await readFile(page, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no markers ${begin} and ${end}`);
  const after = `${before.slice(0, from + begin.length)}\n\n${text}\n\n${before.slice(to)}`;
  const style = (await resolveConfig(page)) ?? {};
  await writeFile(page, await format(after, { ...style, parser: 'markdown' }));
}

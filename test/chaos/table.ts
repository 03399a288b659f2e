import { allStages, caseName, cases, type Case } from './matrix.ts';
import { faults } from './faults/index.ts';

/** What the page tells of a case: with which seed and on which day it was last tried, and whether it was survived. */
export interface Tried {
  readonly seed: number;
  readonly survived: boolean;
}

/** What the page tells: cases by their names, and the days of the seeds. */
export interface Tally {
  readonly tried: ReadonlyMap<string, Tried>;
  /** `2026-11-21`, by seed. */
  readonly days: ReadonlyMap<number, string>;
}

/** Between these lines of docs/reliability.md the run writes its table. */
const begin = '<!-- chaos: written by "npm run chaos" -->';
const end = '<!-- chaos: end -->';

const good = '✔';
const bad = '✖';
const senseless = '–';

/** Reads what a page tells. Pure. Throws when there is no place for a table. */
export function readTally(page: string): Tally {
  const tried = new Map<string, Tried>();
  const days = new Map<number, string>();
  for (const line of between(page).split('\n')) {
    const [first = '', ...others] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const fault = faults.find(({ title }) => title === first);
    if (fault)
      for (const [index, stage] of allStages.entries()) {
        const [mark = '', seed = ''] = (others[index] ?? '').split(' ');
        if (mark === good || mark === bad)
          tried.set(caseName({ fault, stage }), { seed: Number(seed), survived: mark === good });
      }
    else if (/^\d+$/.test(first)) days.set(Number(first), others[0] ?? '');
  }
  return { tried, days };
}

/** Adds an outcome. Pure. */
export function counted({ tried, days }: Tally, one: Case, { seed, survived }: Tried, day: string): Tally {
  return {
    tried: new Map([...tried, [caseName(one), { seed, survived }]]),
    days: new Map([...days, [seed, day]]),
  };
}

/** Writes a tally into a page. Pure: the same gives the same. Cases that are not tried any more fall out, and their seeds. */
export function writeTally(page: string, { tried, days }: Tally): string {
  const cell = (one: Case): string => {
    if (one.fault.without(one.stage) !== undefined) return senseless;
    const told = tried.get(caseName(one));
    return told ? `${told.survived ? good : bad} ${told.seed}` : '';
  };
  const rows = faults.map((fault) => [fault.title, ...allStages.map((stage) => cell({ fault, stage }))]);
  const counts = [...days].flatMap(([seed, day]) => {
    const its = cases.flatMap((one) => tried.get(caseName(one)) ?? []).filter((one) => one.seed === seed);
    const survived = its.filter((one) => one.survived).length;
    return its.length === 0 ? [] : [[String(seed), day, String(its.length), String(survived)]];
  });
  const left = faults.flatMap((fault) => reasons(fault));
  const text = [
    table(['fault', ...allStages], rows),
    table(['seed', 'day', 'tried', 'survived'], counts),
    left.map((line) => `- ${line}`).join('\n'),
  ].join('\n\n');
  const [from, to] = place(page);
  return `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`;
}

/** Why a fault is not tried in some stages, a line for each reason. */
function reasons(fault: Case['fault']): string[] {
  const why = new Map<string, string[]>();
  for (const stage of allStages) {
    const reason = fault.without(stage);
    if (reason !== undefined) why.set(reason, [...(why.get(reason) ?? []), stage]);
  }
  return [...why].map(([reason, stages]) => `${fault.title}, not in ${stages.join(', ')}: ${reason}.`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function between(page: string): string {
  return page.slice(...place(page));
}

function place(page: string): [from: number, to: number] {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no place for the table: "${begin}" and "${end}"`);
  return [from + begin.length, to];
}

import { err, ok, type Result } from '../result.ts';

/** The most names one range, or one inventory, may stand for. */
export const mostNames = 65_536;

const range = /^\[(?:(\d{1,9}):(\d{1,9})|([a-z]):([a-z])|([A-Z]):([A-Z]))(?::(\d{1,9}))?\]/;

/** Whether the text holds a range, `web[1:3]`. */
export function hasRange(text: string): boolean {
  return text.includes('[') || text.includes(']');
}

/**
 * The texts that a text with ranges stands for, as in an Ansible inventory: `[1:3]` counts, both ends included; `[01:10]`
 * keeps its zeros; `[a:c]` spells; a third number is the step. Several ranges combine, the last one turning fastest.
 * A text without a range stands for itself.
 */
export function expandRanges(text: string): Result<string[], string> {
  if (!hasRange(text)) return ok([text]);
  const parts: string[][] = [];
  let rest = text;
  while (rest !== '') {
    const open = rest.search(/[[\]]/);
    if (open !== 0) {
      parts.push([open < 0 ? rest : rest.slice(0, open)]);
      rest = open < 0 ? '' : rest.slice(open);
      continue;
    }
    const match = range.exec(rest);
    if (match === null)
      return err(`"${rest.slice(0, 20)}" is not a range; one is written [1:3], [01:10], [a:c] or [1:9:2]`);
    const members = membersOf(match);
    if (!members.ok) return members;
    parts.push(members.value);
    rest = rest.slice(match[0].length);
  }
  const count = parts.reduce((product, part) => product * part.length, 1);
  if (count > mostNames) return err(tooMany(count));
  return ok(parts.reduce((heads, part) => heads.flatMap((head) => part.map((tail) => head + tail)), ['']));
}

function tooMany(count: number): string {
  return `the range stands for ${count} names, and ${mostNames} is the most`;
}

function membersOf(match: RegExpExecArray): Result<string[], string> {
  const [written = '', low, high, a, b, upperA, upperB, by] = match;
  const step = Number(by ?? 1);
  if (step === 0) return err(`the step of ${written} is 0`);
  const letters = low === undefined;
  const from = letters ? (a ?? upperA ?? '').charCodeAt(0) : Number(low);
  const to = letters ? (b ?? upperB ?? '').charCodeAt(0) : Number(high);
  if (to < from) return err(`${written} counts down; write the smaller end first`);
  const padded = low !== undefined && low.length > 1 && low.startsWith('0');
  if (padded && low.length !== high?.length)
    return err(`the ends of ${written} differ in length, so the zeros to keep are not clear`);
  const count = Math.floor((to - from) / step) + 1;
  if (count > mostNames) return err(tooMany(count));
  const width = padded ? low.length : 0;
  return ok(
    Array.from({ length: count }, (_, n) => {
      const at = from + n * step;
      return letters ? String.fromCharCode(at) : String(at).padStart(width, '0');
    }),
  );
}

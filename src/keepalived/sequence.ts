import { err, ok, type Result } from '../result.ts';

/** A line that is to be taken several times. */
export interface Repetition {
  /** The definitions of each time, in their order. */
  readonly times: readonly (readonly (readonly [name: string, value: string])[])[];
  readonly rest: string;
}

/** Times that a line is taken at most: more is no configuration but a trap. */
const mostTimes = 10_000;

const name = /^[A-Za-z_]\w*$/;

/**
 * Reads `~SEQ(…)`, `~SEQx(…)` and `~LST(…)` at the start of a line, keepalived.conf(5), "Sequence blocks" and "List blocks"; undefined: it
 * begins with neither. The error is a sentence.
 */
export function readRepetition(line: string): Result<Repetition, string> | undefined {
  const [, kind, inner, rest] = /^~(SEQx?|LST)\s*\(([^()]*)\)\s*(.*)$/.exec(line) ?? [];
  if (kind === undefined || inner === undefined || rest === undefined) {
    return /^~(SEQ|LST)/.test(line) ? err(`${line.slice(0, 4)} has no list in parentheses after it`) : undefined;
  }
  const times = kind === 'LST' ? listed(inner) : counted(inner, kind === 'SEQx');
  return times.ok ? ok({ times: times.value, rest }) : times;
}

/** `VARIABLE, START, STEP, END`; without STEP it is 1 towards END, without START too it begins with 1 or -1. */
function counted(inner: string, hexadecimal: boolean): Result<Repetition['times'], string> {
  const [variable = '', ...numbers] = inner.split(',').map((one) => one.trim());
  const values = numbers.map(wholeNumber);
  if (!name.test(variable) || numbers.length < 1 || numbers.length > 3 || values.some(Number.isNaN))
    return err('~SEQ takes a name and up to three whole numbers');
  const end = values.at(-1) ?? 0;
  const start = values.length > 1 ? (values[0] ?? 0) : end > 0 ? 1 : -1;
  const step = values.length > 2 ? (values[1] ?? 0) : end >= start ? 1 : -1;
  if (step === 0 || (end - start) * step < 0) return err(`~SEQ(${inner}) never comes to its end`);
  const count = Math.floor((end - start) / step) + 1;
  if (count > mostTimes) return err(`~SEQ(${inner}) stands for more than ${mostTimes} lines`);
  return ok(
    Array.from({ length: count }, (_, n) => {
      const value = start + n * step;
      return [[variable, value.toString(hexadecimal ? 16 : 10)] as const];
    }),
  );
}

/** Decimal, or hexadecimal after `0x`. */
function wholeNumber(text: string): number {
  return /^-?(?:\d{1,9}|0x[0-9A-Fa-f]{1,7})$/.test(text)
    ? Math.sign(text.startsWith('-') ? -1 : 1) * Number(text.replace('-', ''))
    : Number.NaN;
}

/** `VARIABLE, VALUE, VALUE…`, or `{A, B}, {1, 2}, {3, 4}…` for several at a time. */
function listed(inner: string): Result<Repetition['times'], string> {
  const [first, ...values] = items(inner);
  const sound =
    first !== undefined &&
    first.every((one) => name.test(one)) &&
    values.length > 0 &&
    values.every((one) => one.length === first.length);
  if (!sound) return err('~LST takes a name, or names in braces, and as many values for each time');
  if (values.length > mostTimes) return err(`~LST stands for more than ${mostTimes} lines`);
  return ok(values.map((one) => first.map((variable, n) => [variable, one[n] ?? ''] as const)));
}

/** What stands between commas; what is in braces is one item of several parts. */
function items(text: string): string[][] {
  return [...text.matchAll(/\{([^{}]*)\}|([^,{}]+)/g)].flatMap(([, group, plain]) => {
    if (group !== undefined) return [group.split(',').map((one) => one.trim())];
    const one = plain?.trim() ?? '';
    return one === '' ? [] : [[one]];
  });
}

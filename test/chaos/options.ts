import { parseArgs } from 'node:util';
import { allStages, caseName, cases, type Case } from './matrix.ts';
import { faults } from './faults/index.ts';

/** What is asked for on the command line. */
export interface Options {
  readonly seed: number | undefined;
  readonly chosen: readonly Case[];
  /** How many of them at most. */
  readonly most: number;
}

/** How the run is called. */
export const usage = 'npm run chaos [-- [--seed N] [--cases M] [--only FAULT|STAGE|FAULT/STAGE[,…]]]';

/** Reads the command line. Throws an Error for people when it makes no sense. */
export function readOptions(argv: readonly string[]): Options {
  const { seed, cases: most, only } = parse(argv);
  const names = only?.split(',') ?? [];
  const known: readonly string[] = [...faults.map(({ name }) => name), ...allStages, ...cases.map(caseName)];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown} is none of ${known.join(', ')}\n${usage}`);
  const chosen = cases.filter(
    (one) => names.length === 0 || [one.fault.name, one.stage, caseName(one)].some((name) => names.includes(name)),
  );
  return {
    seed: number('--seed', seed, 0),
    chosen,
    most: number('--cases', most, 1) ?? Infinity,
  };
}

function parse(argv: readonly string[]): { seed?: string; cases?: string; only?: string } {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...argv], options: { seed: text, cases: text, only: text } }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`, { cause: error });
  }
}

function number(flag: string, given: string | undefined, least: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= least && value < 2 ** 32) return value;
  throw new Error(`${flag} ${given} is no whole number from ${least} on\n${usage}`);
}

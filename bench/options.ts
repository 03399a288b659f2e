import { parseArgs } from 'node:util';
import { BenchFailure } from './failure.ts';
import { measurements } from './measurements.ts';
import type { Measurement } from './contender.ts';

/** What is asked for on the command line. */
export interface Options {
  readonly measurements: readonly Measurement[];
  /** Runs of a contender, at most; infinite: as many as it wants. */
  readonly most: number;
  /** Whether this is the full run, the one that is written down. */
  readonly full: boolean;
}

/** How the script is called. */
export const usage = `npm run bench [-- [--only ${measurements.map(({ id }) => id).join(',')}] [--runs N]]`;

/** Reads the command line. Throws a BenchFailure when it makes no sense. */
export function readOptions(argv: readonly string[]): Options {
  const { only, runs } = parse(argv);
  const wanted = only?.split(',') ?? measurements.map(({ id }) => id);
  const unknown = wanted.find((id) => !measurements.some((one) => one.id === id));
  if (unknown !== undefined) throw new BenchFailure(`there is no measurement ${unknown}: ${usage}`);
  const chosen = measurements.filter(({ id }) => wanted.includes(id));
  const most = runs === undefined ? Infinity : Number(runs);
  if (!(most >= 1)) throw new BenchFailure(`--runs ${runs ?? ''} is not a number of runs: ${usage}`);
  return { measurements: chosen, most, full: only === undefined && runs === undefined };
}

function parse(argv: readonly string[]): { readonly only?: string | undefined; readonly runs?: string | undefined } {
  try {
    return parseArgs({ args: [...argv], options: { only: { type: 'string' }, runs: { type: 'string' } } }).values;
  } catch (error) {
    throw new BenchFailure(`${(error as Error).message}\n${usage}`);
  }
}

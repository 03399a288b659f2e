import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { delay } from '../src/lab/index.ts';
import { attempt } from '../src/lab/run.ts';
import type { Contender, Field, Measurement, Outcome, Site } from './contender.ts';
import { BenchFailure } from './failure.ts';
import type { Labs } from './labs.ts';
import { deployers } from './measurements.ts';
import { inNetwork } from './network.ts';
import { timed } from './timing.ts';

/** What the runs of each contender of a measurement took, in the order of the runs. */
export type Outcomes = ReadonlyMap<Contender, readonly Outcome[]>;

/** How to measure. */
export interface MeasureOptions {
  readonly labs: Labs;
  /** Runs of a contender, at most. */
  readonly most: number;
  /** For what the runs print. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/**
 * Runs the contenders of a measurement in turns, each as often as it wants: what else goes on on the machine hits all of them.
 * Every second round goes backwards, so that none is always the one after a pause. A run that did not do what is timed ends it all.
 */
export async function measure(measurement: Measurement, options: MeasureOptions): Promise<Outcomes> {
  const contenders = [measurement.ours, ...measurement.others.map(({ contender }) => contender)];
  const outcomes = new Map<Contender, Outcome[]>(contenders.map((contender) => [contender, []]));
  const rounds = Math.max(...contenders.map((contender) => runsOf(contender, options)));
  for (let round = 0; round < rounds; round += 1) {
    const inTurn = contenders.filter((contender) => runsOf(contender, options) > round);
    for (const contender of round % 2 === 0 ? inTurn : inTurn.reverse()) {
      const site = await siteFor(measurement, contender, options);
      if (measurement.delay !== undefined) await delayAll(site, measurement.delay);
      outcomes.get(contender)?.push(await once(contender, site, options));
      if (measurement.delay !== undefined) await delayAll(site, 0);
    }
  }
  return outcomes;
}

/** Has everything that hosts send come later by so many milliseconds. */
async function delayAll({ lab }: Site, milliseconds: number): Promise<void> {
  await Promise.all(lab.hosts.map(({ name }) => delay(lab, name, milliseconds)));
}

function runsOf(contender: Contender, { most }: MeasureOptions): number {
  return Math.min(contender.runs, most);
}

async function siteFor({ hosts }: Measurement, contender: Contender, options: MeasureOptions): Promise<Site> {
  const { field } = contender;
  switch (hosts) {
    case 'blank':
      return options.labs.blank(field);
    case 'deployed':
      return (await options.labs.running(field)) ?? (await deployed(field, options));
  }
}

async function deployed(field: Field, options: MeasureOptions): Promise<Site> {
  const site = await options.labs.blank(field);
  const deployer = deployers.get(field);
  if (deployer === undefined) throw new BenchFailure(`nobody deploys ${field}`);
  await once(deployer, site, options);
  return site;
}

/** Times one run. Throws a BenchFailure when it did not do what is timed. */
export async function once(
  contender: Contender,
  site: Site,
  options: Pick<MeasureOptions, 'folder' | 'signal' | 'onProgress'>,
): Promise<Outcome> {
  const { name } = contender;
  const outcome = await timed(await contender.command(site), join(options.folder, 'output'), options.signal);
  const objection = contender.objection(outcome) ?? (await complaint(contender, site, options.signal));
  options.onProgress(`${name}: ${outcome.seconds.toFixed(2)} s`);
  if (objection === undefined) return outcome;
  const end = outcome.output.trimEnd().split('\n').slice(-40).join('\n');
  throw new BenchFailure(`a run of ${name} does not count: ${objection}. The end of what it printed:\n${end}`);
}

/** What a client complains of after a deployment: whoever is timed for one has to have made a cluster that answers. */
async function complaint(contender: Contender, { lab, vip }: Site, signal: AbortSignal): Promise<string | undefined> {
  if (![...deployers.values()].includes(contender)) return undefined;
  const ask = ['curl', '--silent', '--show-error', '--max-time', '2', '--output', '/dev/null', `http://${vip}/`];
  const [program = '', ...words] = inNetwork(lab, ask);
  let said = '';
  for (let tries = 0; tries < 30; tries += 1) {
    const { code, stderr } = await attempt(program, words, { signal });
    if (code === 0) return undefined;
    said = stderr.trim();
    await sleep(1000, undefined, { signal });
  }
  return `nobody answers at the VIP half a minute later (${said})`;
}

import { randomBytes } from 'node:crypto';
import type { Cluster, VirtualService } from '../inventory/cluster.ts';
import { endName } from '../ipvs/table.ts';
import type { Finished, RunFailure, RunOptions } from '../ssh/connection.ts';
import { printableLine } from '../ssh/printable.ts';
import type { Result } from '../result.ts';
import { isSound, statusesOf } from '../verify/asking.ts';
import { operator } from '../verify/check.ts';
import { askedFrom, destinationOf } from '../verify/checks/requests.ts';
import { tally } from './gaps.ts';
import type { Places } from './places.ts';
import type { Recorder } from './recorder.ts';
import type { Sample, Stream } from './result.ts';
import { limit, readStreamLine, streamScript, wishedInterval, type RawSample } from './stream.ts';
import type { RunLocal } from '../verify/local.ts';

/** Most requests that are kept of one place: an hour of four services. */
const mostSamples = 300_000;

/** Sends requests from every vantage point while a drill runs. */
export class Asking {
  readonly #recorder: Recorder;
  readonly #stop = new AbortController();
  readonly #places: readonly Vantage[];
  #over: Promise<unknown> = Promise.resolve();

  constructor(cluster: Cluster, services: readonly VirtualService[], recorder: Recorder) {
    this.#recorder = recorder;
    const names = new Set(services.map(({ name }) => name));
    this.#places = cluster.verify.from.flatMap((where) => {
      const asked = askedFrom(cluster, where).filter(({ name }) => names.has(name));
      return asked.length === 0 ? [] : [{ where, asked, raw: [] }];
    });
  }

  /** Begins, for so many seconds at most; resolves once every place has begun, or cannot. */
  async begin(seconds: number, places: Places, runLocal: RunLocal): Promise<void> {
    const begun: Promise<void>[] = [];
    const over = this.#places.map((vantage) => {
      let tell: () => void = () => undefined;
      begun.push(new Promise((resolve) => (tell = resolve)));
      const run = vantage.where === operator ? runLocal : placeRun(places, vantage.where);
      return this.#ask(vantage, seconds, run, tell).finally(tell);
    });
    this.#over = Promise.all(over);
    await Promise.all(begun);
  }

  /** Stops asking; gives what came of it. */
  async end(): Promise<Stream[]> {
    this.#stop.abort();
    await this.#over;
    return this.#places.flatMap((vantage) =>
      vantage.asked.map((service, index) => this.#streamOf(vantage, service, index)),
    );
  }

  /** Why places could send nothing. */
  get troubles(): string[] {
    return this.#places.flatMap(({ where, unfit }) => (unfit === undefined ? [] : [`${where}: ${unfit}`]));
  }

  async #ask(vantage: Vantage, seconds: number, run: RunLocal, begun: () => void): Promise<void> {
    const { where, asked } = vantage;
    const mark = randomBytes(12).toString('hex');
    const script = streamScript(asked.map(destinationOf), mark, seconds);
    const options: Pick<RunOptions, 'deadline' | 'maxOutput' | 'signal' | 'onLine'> = {
      deadline: seconds + 30,
      maxOutput: 64 * 1024 * 1024,
      signal: this.#stop.signal,
      onLine: (line) => {
        const word = readStreamLine(line, mark);
        if (word?.type === 'unfit') vantage.unfit = printableLine(word.why);
        if (word?.type === 'begun') this.#recorder.heard(where, word.at);
        if (word?.type === 'sample') {
          this.#recorder.heard(where, word.sample.ended);
          if (vantage.raw.length < mostSamples) vantage.raw.push(word.sample);
          begun();
        }
      },
    };
    const ended: Result<Finished, RunFailure> = await run(script, options);
    if (!ended.ok && ended.error.reason !== 'aborted') vantage.unfit = printableLine(ended.error.detail);
  }

  #streamOf({ where, raw }: Vantage, service: VirtualService, index: number): Stream {
    const wished = statusesOf(service);
    const samples = raw
      .filter(({ destination }) => destination === index)
      .map(({ began, ended, exit, status }): Sample => {
        const took = (ended - began) * 1000;
        const sound = exit === 0 && took <= limit + 100 && (wished === undefined || isSound(wished, status));
        return [Math.round(this.#recorder.momentOf(where, began) ?? 0), Math.round(took), sound ? 1 : 0];
      })
      .sort(([a], [b]) => a - b);
    const { median, ...counts } = tally(samples);
    return {
      from: where,
      service: service.name,
      destination: endName({ address: service.vip, port: service.port }),
      interval: { wished: wishedInterval, median },
      limit,
      ...counts,
      samples,
    };
  }
}

interface Vantage {
  readonly where: string;
  readonly asked: readonly VirtualService[];
  readonly raw: RawSample[];
  unfit?: string;
}

function placeRun(places: Places, where: string): RunLocal {
  return async (script, options) => {
    const connection = places.get(where);
    if (connection) return connection.run(script, options);
    return { ok: false, error: { reason: 'link-lost', host: where, detail: 'its connection was lost', hint: '' } };
  };
}

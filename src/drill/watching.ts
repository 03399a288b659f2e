import { randomBytes } from 'node:crypto';
import type { Time } from '../verify/time.ts';
import type { Places } from './places.ts';
import type { Recorder } from './recorder.ts';
import { readUptime, watchScript, WatchReader } from './watch.ts';

/** Watches the directors while a drill runs. One that cannot be reached is tried again and again: it may have booted. */
export class Watching {
  readonly #recorder: Recorder;
  readonly #places: Places;
  readonly #time: Time;
  readonly #stop = new AbortController();
  #over: Promise<unknown> = Promise.resolve();

  constructor(recorder: Recorder, places: Places, time: Time) {
    this.#recorder = recorder;
    this.#places = places;
    this.#time = time;
  }

  /** Begins, for so many seconds at most. */
  begin(directors: readonly string[], seconds: number): void {
    this.#over = Promise.all(directors.map((director) => this.#watch(director, seconds)));
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#over;
  }

  async #watch(director: string, seconds: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const connection = this.#places.get(director);
      if (connection) {
        const mark = randomBytes(12).toString('hex');
        const reader = new WatchReader(mark, (at, snapshot) => {
          this.#recorder.look(director, at, snapshot);
        });
        await connection.run(watchScript(mark, seconds), {
          deadline: seconds + 30,
          maxOutput: 64 * 1024 * 1024,
          signal,
          onLine: (line) => {
            const [word, , time = ''] = line.split(' ', 3);
            const uptime = word === mark ? readUptime(time) : undefined;
            if (uptime !== undefined) this.#recorder.heard(director, uptime);
            reader.line(line);
          },
        });
        this.#recorder.lost(director);
      }
      await this.#time.sleep(1, signal);
    }
  }
}

import { cpus, loadavg, release, totalmem } from 'node:os';

/** The machine and the day, as far as times depend on them. */
export interface Machine {
  /** Of the run's start, ISO 8601, UTC. */
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Without what its distributor appended. */
  readonly kernel: string;
  /** Processes that wanted to run, mean of the minute before: more than 0.5 means that others work on it too. */
  readonly load: number;
}

/** The machine as it is now. */
export function machine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: /^[\d.]+/.exec(release())?.[0] ?? release(),
    load: loadavg()[0] ?? NaN,
  };
}

/** The machine in words, for the head of a table. */
export function machineText({ date, processor, cores, memoryGiB, kernel, load }: Machine): string {
  return `${date}, on ${cores} cores (${processor}) with ${memoryGiB} GiB and Linux ${kernel}; load before the run: ${load.toFixed(1)}.`;
}

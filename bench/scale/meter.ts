/** Loaded into a process before its own code: measures it from within, and writes what it found when the process ends. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a process cost. */
export interface Metered {
  /** Seconds from its start to its end. */
  readonly wall: number;
  /** Seconds of processor time, of the system's on its behalf too. */
  readonly cpu: number;
  /** The most memory that it had, bytes. */
  readonly memory: number;
  /** Milliseconds by which 99 of 100 turns of the event loop were late at most. */
  readonly late: number;
}

/** Milliseconds between two looks at the clock. */
const resolution = 10;

const delay = monitorEventLoopDelay({ resolution });
delay.enable();
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const metered: Metered = {
    wall: performance.now() / 1000,
    cpu: (userCPUTime + systemCPUTime) / 1e6,
    memory: maxRSS * 1024,
    late: Math.max(0, delay.percentile(99) / 1e6 - resolution),
  };
  writeFileSync(process.env['LVSCTL_BENCH_METER'] ?? '/dev/null', JSON.stringify(metered));
});

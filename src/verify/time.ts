import { setTimeout } from 'node:timers/promises';

/** The clock, handed in so that waiting is tested without waiting. */
export interface Time {
  /** Seconds from any fixed point. */
  now(): number;
  /** Waits; returns early when the signal fires. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const realTime: Time = {
  now: () => performance.now() / 1000,
  sleep: (seconds, signal) =>
    setTimeout(seconds * 1000, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    }),
};

import type { Amount } from '../amount.ts';

/** In which portions hosts are changed, and what is done around each. */
export interface RolloutSettings {
  /** Sizes of the batches of real servers, one after the other; the last repeats. Undefined: as the impact of the change asks for. */
  readonly serial: readonly Amount[] | undefined;
  /** What goes first: `host`, the first host alone; `batch`, the first batch. */
  readonly canary: 'host' | 'batch';
  /** Hosts of a stage that may fail before nothing more of it is begun; directors: none. */
  readonly maxFail: Amount;
  /** From which impact on a real server is drained before it is changed. */
  readonly drain: 'interrupt' | 'reload' | 'never';
  /** Seconds for the connections of a drained real server to end. */
  readonly drainTimeout: number;
  /** Whether directors hand over their VIPs before a change that would interrupt them; needs track_file of keepalived 2.0. */
  readonly switchOver: boolean;
}

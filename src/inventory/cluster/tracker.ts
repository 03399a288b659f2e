import type { BfdSettings } from './bfd.ts';
import type { Program } from './program.ts';
import type { ByDirector } from './vrrp.ts';

/** What an instance or a sync group watches besides its own NIC, keepalived.conf(5) `track_*`. */
export type Tracker = InterfaceTracker | ScriptTracker | ProcessTracker | FileTracker | BfdTracker;

/** A NIC that has to be up. */
export interface InterfaceTracker extends Weighted {
  readonly type: 'interface';
  readonly interface: string;
}

/** A program whose exit code 0 is a success, keepalived.conf(5) `vrrp_script`. Times in seconds. */
export interface ScriptTracker extends Weighted, Named {
  readonly type: 'script';
  readonly program: Program;
  readonly interval: number;
  readonly timeout: number;
  /** Successes in a row after which it counts as sound again. */
  readonly rise: number;
  /** Failures in a row after which it counts as failed. */
  readonly fall: number;
  /** User it runs as; undefined: the script_user of the cluster. */
  readonly user: string | undefined;
}

/** A process that has to run, keepalived.conf(5) `vrrp_track_process`: known from the kernel, without polling. */
export interface ProcessTracker extends Weighted, Named {
  readonly type: 'process';
  /** Name of the executable, as in /proc/PID/comm. */
  readonly process: string;
  /** How many have to run. */
  readonly quorum: number;
  /** Seconds that a process may be away or back before it counts; fractions are allowed. */
  readonly delay: number | undefined;
}

/** A file that holds a number, keepalived.conf(5) `track_file`: the number times the weight is added to the priority. */
export interface FileTracker extends Weighted, Named {
  readonly type: 'file';
  readonly path: string;
  /** Written into the file when it is not there. */
  readonly initial: number;
}

/** A BFD session that has to be up, keepalived.conf(5) `track_bfd`. */
export interface BfdTracker extends Weighted {
  readonly type: 'bfd';
  /** The other end's address, for each director. */
  readonly neighbors: ByDirector<string>;
  readonly settings: BfdSettings;
}

interface Weighted {
  /** Added to the priority while it is well (positive) or failed (negative), −253–253; 0: a failure is a FAULT. */
  readonly weight: number;
}

interface Named {
  /** As keepalived.conf calls it, unique among those of its type that differ. */
  readonly name: string;
}

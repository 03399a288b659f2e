import type { Stage } from '../../src/roles/role.ts';
import type { Scene } from './scene.ts';
import type { Ending } from './program.ts';

/** What has to be true of a run that a fault met. */
export interface Expected {
  readonly ending: Ending;
  /** Exit codes that are right; undefined: it was killed. */
  readonly codes: readonly number[] | undefined;
  /** What it has to say. */
  readonly says?: readonly RegExp[];
}

/** Something that goes wrong while a cluster is changed. */
export interface Fault {
  readonly name: string;
  /** For people, in the table. */
  readonly title: string;
  /** Why it would prove nothing in a stage; undefined: it would. */
  without(stage: Stage): string | undefined;
  /** Runs an apply, does it to it, and takes it away again, whatever happens. */
  play(scene: Scene): Promise<Expected>;
}

/** Why a fault proves nothing, by stage. */
export type Without = Readonly<Partial<Record<Stage, string>>>;

/** Reasons that several faults have. */
export const why = {
  changesNothing: 'it changes nothing, and packages follows at once',
  asPackages: 'the same program is at work as in packages',
  asStorage: 'the same kinds of steps as in storage, on the same host',
  asLinkCut: 'to lvsctl it is a link cut, which is tried there',
  asOthers: 'the same kinds of steps as in base, on the same hosts',
  asDiskFull: 'to a step it is a full disk, which is tried there',
  notBegun: 'the host refuses the first script of the run, whatever comes after it',
  noClock: 'no watchdog is armed and nothing compares times',
  wholeRun: 'the lock is of the whole run: it is tried with one batch and with several',
} as const;

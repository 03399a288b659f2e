import type { Cluster } from '../inventory/cluster.ts';
import type { Answer, Section } from '../observe/frame.ts';
import type { Observation } from '../observe/observe.ts';
import type { Plan } from '../plan/plan.ts';

/** The machine lvsctl runs on, as a vantage point. */
export const operator = 'operator';

/**
 * How grave it is when a check does not hold. `critical`: the cluster does not do its work, or will not when something fails;
 * `warning`: it does, and somebody should look; `info`: good to know.
 */
export type Severity = 'critical' | 'warning' | 'info';

/** What one check found at one place. `unknown`: it could not look. */
export interface Finding {
  readonly check: string;
  /** Host name, `operator`, or the cluster's name for what concerns all. */
  readonly where: string;
  readonly status: 'ok' | 'failed' | 'unknown';
  /** One line: what it is about, as in `VIP 10.77.0.100 is held by one director`. */
  readonly title: string;
  readonly expected: string;
  readonly seen: string;
  /** A command by which a person can look at the same thing. */
  readonly look: string;
  /** Undefined: that of its check. */
  readonly severity?: Severity;
}

/** What a person needs to know of a check. Commands stand between backquotes. docs/verify.md has it all. */
export interface Manual {
  readonly name: string;
  /** How grave it is when it does not hold, unless a finding says so itself. */
  readonly severity: Severity;
  /** What is true when it holds. */
  readonly proves: string;
  /** What goes wrong in production when it does not hold. */
  readonly why: string;
  /** Where it looks, and by which command. */
  readonly runs: string;
  /** How to read what the command prints. */
  readonly reads: string;
  /** What to do when it does not hold. */
  readonly mend: string;
}

/**
 * Requests are sent between `before` and `after`. Each round costs every host concerned one exec at most, whatever the number
 * of checks; the first travels with the observation.
 */
export type Round = 'before' | 'during' | 'after';

/** What the sections of a check may depend on. A section must be able to run twice: rounds are repeated with patience. */
export interface CheckContext {
  readonly cluster: Cluster;
  /** Unguessable and new for each verification: for names of files that are written and read back, and to frame output. */
  readonly nonce: string;
  /**
   * How the hosts that could be asked were found, in inventory order; others could not be reached or are outside `--limit`.
   * Empty in round `before`, which travels with the observation itself.
   */
  readonly observations: ReadonlyMap<string, Observation>;
  /** The answer to a check's section in an earlier round: undefined when the place could not be asked, or was not. */
  answer(round: Round, where: string, check: string): Answer | undefined;
}

/** All that was seen, for judging. */
export interface Evidence extends CheckContext {
  /** What an apply would still change. */
  readonly plan: Plan;
}

/** Something that has to be true of a cluster that works. One file a check. */
export interface Check extends Manual {
  /** Other checks whose answers it goes by. */
  readonly needs?: readonly string[];
  /**
   * What to run at a place (a host or `operator`) in a round; undefined: nothing. It must leave nothing behind once `after` has
   * run, which it does whenever `before` did, and must be bounded in time also where a network file system hangs.
   */
  section(round: Round, where: string, context: CheckContext): Pick<Section, 'sh'> | undefined;
  /** What was found, place by place. Pure. Hosts that were not asked are left out: that they were not is said once, elsewhere. */
  judge(evidence: Evidence): readonly Finding[];
}

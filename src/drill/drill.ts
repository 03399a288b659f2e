import type { Cluster, Host, VirtualService } from '../inventory/cluster.ts';
import type { Observation } from '../observe/observe.ts';
import type { HostSteps } from '../plan/plan.ts';
import type { Step } from '../resources/resource.ts';
import type { Result } from '../result.ts';
import type { Condition } from './condition.ts';
import type { Means } from './means.ts';
import type { MeasureKind } from './result.ts';
import type { Bound } from './timers.ts';

/** What a drill may look at to decide what it breaks, and what has to come of it. */
export interface DrillContext {
  readonly cluster: Cluster;
  readonly observations: ReadonlyMap<string, Observation>;
  /** By what things can be broken on a host. */
  readonly means: ReadonlyMap<string, Means>;
  /** Whether the hosts are virtual ones of a lab, whose power can be cut. */
  readonly isLab: boolean;
  /** What takes a real server out of every pool, on each director: the steps of `lvsctl drain`. */
  readonly draining: (host: string) => readonly HostSteps[];
}

/** A failure that is rehearsed. One file a drill; adding one is adding a file here and a line to drills/index.ts. */
export interface Drill {
  /** As on the command line. */
  readonly name: string;
  /** One line: what fails. */
  readonly title: string;
  /** What is broken, and what must happen and by when; or why it cannot be tried here. Pure. */
  readonly prepare: (context: DrillContext) => Result<Setup, string>;
}

/** Something that is broken on one host. */
export type Fault =
  | {
      readonly by: 'steps';
      readonly host: string;
      /** What is done, each with how it is taken back: the host keeps that before the first one is begun. */
      readonly steps: readonly Step[];
      /** The host takes it back by itself, `hold` seconds after it: lvsctl may not be able to reach it. */
      readonly alone: boolean;
      /** The host goes down with it: it is reached again once it has booted. */
      readonly boots: boolean;
    }
  /** The lab cuts its power, and gives it back. */
  | { readonly by: 'power'; readonly host: string };

/** Faults that come at once, and what has to be so before the next ones do. */
export interface Act {
  /** One line for the timeline: `web2 is drained`. */
  readonly text: string;
  readonly faults: readonly Fault[];
  /** Waited for, if the timers of the cluster allow it, before the next act. */
  readonly until: Condition | undefined;
}

/** A drill on a given cluster. */
export interface Setup {
  readonly acts: readonly [Act, ...Act[]];
  /** Services that are asked all the while. */
  readonly services: readonly VirtualService[];
  /** Seconds that the last act's faults stay at least, so that what comes of them is seen. */
  readonly hold: number;
  readonly expectations: readonly Expectation[];
}

/** The part of a drill in which something is expected: from the last act on, or from when it is taken back. */
export type Phase = 'fault' | 'heal';

/** Something that has to happen, or must not. */
export type Expectation =
  /** No request may go unanswered for longer. */
  | { readonly type: 'gap'; readonly phase: Phase; readonly service: string; readonly within: Bound }
  /** No request may fail: all the time, or once a state that was waited for has come; to the end, or as long as the fault lasts. */
  | {
      readonly type: 'no-failure';
      readonly service: string;
      readonly since: 'begin' | Condition;
      readonly until: 'end' | 'heal';
      readonly text: string;
    }
  | {
      readonly type: 'state';
      readonly phase: Phase;
      readonly kind: Exclude<MeasureKind, 'gap' | 'failures'>;
      readonly condition: Condition;
      readonly within: Bound;
    };

/** Steps on a host that lvsctl takes back itself, over a connection that it has, unless it is said otherwise. */
export function stepsOn(
  host: string,
  steps: readonly Step[],
  special: { readonly alone?: true; readonly boots?: true } = {},
): Fault {
  return { by: 'steps', host, steps, alone: false, boots: false, ...special };
}

/** A host of the cluster by its name. Throws when there is none: the inventory has been checked. */
export function hostOf({ hosts }: Cluster, name: string): Host {
  const host = hosts.find((one) => one.name === name);
  if (!host) throw new Error(`there is no host ${name}`);
  return host;
}

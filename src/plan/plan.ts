import { countOf } from '../inventory/amount.ts';
import type { Cluster } from '../inventory/cluster.ts';
import type { Observation } from '../observe/observe.ts';
import { kinds } from '../resources/index.ts';
import { preparePackages, type PackageState } from '../resources/package.ts';
import type { ChangeContext, Step } from '../resources/resource.ts';
import type { DesiredHost } from '../roles/index.ts';
import { removals, stages, type Stage } from '../roles/role.ts';
import { remembers, type Leftover } from '../manifest/manifest.ts';
import { batches } from './batches.ts';
import type { Care } from './care.ts';
import { isInTheWay, onceGone } from './in-the-way.ts';
import { clearWay, isThere, removalSteps, type RemovalOptions } from './removal.ts';

/** Everything that will be done, in order: stage after stage, in a stage batch after batch, the hosts of a batch at once. */
export interface Plan {
  readonly cluster: string;
  /** Hosts that were looked at, in inventory order. */
  readonly hosts: readonly string[];
  readonly stages: readonly PlannedStage[];
}

/** See {@link Plan}. */
export interface PlannedStage {
  readonly stage: Stage;
  readonly batches: readonly (readonly HostSteps[])[];
  /** Hosts that may fail before nothing more of the stage is begun; undefined: none. */
  readonly maxFail?: number;
}

/** The steps of one host in one stage. */
export interface HostSteps {
  readonly host: string;
  readonly steps: readonly Step[];
  /** What is done before and after them so that traffic does not notice; undefined: nothing has to be. */
  readonly care?: Care;
}

/** What has to be done on one host, stage by stage. */
export interface HostPlan {
  readonly host: string;
  readonly steps: ReadonlyMap<Stage, readonly Step[]>;
}

/** Decides what has to be done. Pure: the same cluster, wishes and observations give the same plan. */
export function makePlan(
  cluster: Cluster,
  desired: readonly DesiredHost[],
  observations: ReadonlyMap<string, Observation>,
  removal?: RemovalOptions,
): Plan {
  const hosts = desired.flatMap((one) => planHost(one, observations, removal) ?? []);
  return arrangePlan(cluster, hosts, observations);
}

/** Decides what has to be done on one host; undefined: it was not looked at. */
export function planHost(
  desired: DesiredHost,
  observations: ReadonlyMap<string, Observation>,
  removal: RemovalOptions = { packages: 'keep' },
): HostPlan | undefined {
  const observation = observations.get(desired.host.name);
  return observation && { host: desired.host.name, steps: hostSteps(desired, observation, removal) };
}

/** Puts what has to be done on each host into the order of the whole. */
export function arrangePlan(
  cluster: Cluster,
  perHost: readonly HostPlan[],
  observations: ReadonlyMap<string, Observation>,
): Plan {
  const planned: PlannedStage[] = [];
  for (const stage of [...stages, ...removals]) {
    const busy = perHost.flatMap(({ host, steps }) => {
      const list = steps.get(stage);
      return list === undefined ? [] : [{ host, steps: list }];
    });
    if (busy.length === 0) continue;
    const maxFail = stage === 'directors' ? 0 : countOf(cluster.rollout.maxFail, busy.length);
    planned.push({ stage, batches: batches(stage, busy, cluster, observations), maxFail });
  }
  return { cluster: cluster.name, hosts: perHost.map(({ host }) => host), stages: planned };
}

/** Every step of a plan with its stage and host. */
export function* allSteps(
  plan: Plan,
): Generator<{ readonly stage: Stage; readonly host: string; readonly step: Step }> {
  for (const { stage, batches: list } of plan.stages) {
    for (const { host, steps } of list.flat()) for (const step of steps) yield { stage, host, step };
  }
}

function hostSteps(desired: DesiredHost, observation: Observation, removal: RemovalOptions): Map<Stage, Step[]> {
  const steps = new Map<Stage, Step[]>();
  const changed = new Set<string>();
  const movable = observation.leftovers.filter((one) => isThere(one, desired.platform));
  const gone = new Set<Leftover>();
  const context: ChangeContext = { platform: desired.platform, changed: (one) => changed.has(one) };
  const add = (stage: Stage, list: readonly Step[]): void => {
    if (list.length > 0) steps.set(stage, [...(steps.get(stage) ?? []), ...list]);
  };
  for (const [position, { stage, ref, resource }] of desired.resources.entries()) {
    const seen = observation.states.get(ref);
    const obstacles = movable.filter(({ entry }) => isInTheWay(entry.resource, resource, seen));
    const state = obstacles.reduce((now, one) => onceGone(resource, one, now), seen);
    if (resource.kind === 'package') {
      const prepare = preparePackages(resource, state as PackageState | undefined, desired.platform);
      if (prepare) add('prepare', [prepare]);
    }
    const list = kinds[resource.kind].change(resource, state, context);
    const [step, ...others] = list;
    if (step === undefined) continue;
    changed.add(ref);
    const feeds = fedBy(ref, desired);
    const first = obstacles.filter((one) => !gone.has(one));
    add(stage, clearWay(first, desired, observation, resource.kind === 'service' ? [resource.unit] : feeds));
    for (const one of first) gone.add(one);
    const note = remembers({ stage, position, resource, feeds }, state, observation.manifest.get(ref));
    add(stage, [note === undefined ? step : { ...step, remembers: note }, ...others]);
  }
  const late = { ...observation, leftovers: observation.leftovers.filter((one) => !gone.has(one)) };
  for (const [stage, list] of removalSteps(desired, late, removal)) add(stage, list);
  return steps;
}

/** The units that take up a change of a resource. */
function fedBy(ref: string, { resources }: DesiredHost): string[] {
  return resources.flatMap(({ resource }) =>
    resource.kind === 'service' && [...resource.reloadOn, ...resource.restartOn].includes(ref) ? [resource.unit] : [],
  );
}

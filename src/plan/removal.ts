import type { Leftover } from '../manifest/manifest.ts';
import { entryId } from '../manifest/entry-id.ts';
import type { Observation } from '../observe/observe.ts';
import { kinds } from '../resources/index.ts';
import { ref, type RemoveContext, type Step } from '../resources/resource.ts';
import { runsNow, takeUp, type ServiceState } from '../resources/service.ts';
import type { DesiredHost } from '../roles/index.ts';
import { removals, type Stage } from '../roles/role.ts';

/** How much is taken away. */
export interface RemovalOptions {
  /**
   * Packages that lvsctl installed: `keep` leaves them, and the manifest's word that they are lvsctl's, since a package that is not
   * wished any more does no harm; `forget` leaves them to the host; `remove` takes them away.
   */
  readonly packages: 'keep' | 'forget' | 'remove';
}

/**
 * The steps that take away what is on a host by lvsctl and not wished any more, by the stage of the removal, in the reverse order of
 * how it came. Whatever has no step of its own is forgotten with the next step: it is gone, or belongs to the host.
 */
export function removalSteps(
  desired: DesiredHost,
  observation: Observation,
  options: RemovalOptions,
): Map<Stage, Step[]> {
  const changed = new Set<string>();
  const context: RemoveContext = {
    platform: desired.platform,
    changed: (one) => changed.has(one),
    removePackages: options.packages === 'remove',
  };
  const steps = new Map<Stage, Step[]>();
  for (const stage of removals) {
    const its = observation.leftovers.filter(
      ({ entry }) =>
        removalOf(entry.stage) === stage && (entry.resource.kind !== 'package' || options.packages !== 'keep'),
    );
    const list: Step[] = [];
    const gone: string[] = [];
    for (const leftover of its.sort((one, other) => other.entry.position - one.entry.position)) {
      const removal = stepsFor(leftover, context);
      if (removal.length > 0) changed.add(leftover.entry.ref);
      list.push(...removal);
      gone.push(entryId(leftover.entry.ref));
    }
    const reloads = takenUp(desired, observation, its, changed);
    const last = list.at(-1) ?? settled(its);
    if (last !== undefined) steps.set(stage, [...list.slice(0, -1), { ...last, forgets: gone }, ...reloads]);
  }
  return steps;
}

/** What has to be done about one leftover, none when nothing of it is there. */
export function stepsFor({ entry, observed, before }: Leftover, context: RemoveContext): readonly Step[] {
  return kinds[entry.resource.kind].remove?.(entry.resource, observed, before, context) ?? [];
}

/** In which stage that is taken away which another one brought. */
export function removalOf(stage: Stage): Stage {
  return removals.find((one) => one === `remove-${stage}`) ?? 'remove-base';
}

/** Where all is as it was already, that is all there is to be done. */
function settled(leftovers: readonly Leftover[]): Step | undefined {
  const [first, ...others] = leftovers;
  if (first === undefined) return undefined;
  return {
    resource: first.entry.ref,
    action: 'run',
    summary: `forget it${others.length > 0 ? ` and ${others.length} more` : ''}: nothing is left to be taken away`,
    impact: 'none',
    sh: ':',
    undo: ':',
  };
}

/** Services that go on running without the files that were taken away, or with those that were put back. */
function takenUp(
  desired: DesiredHost,
  observation: Observation,
  leftovers: readonly Leftover[],
  changed: ReadonlySet<string>,
): Step[] {
  const paths = new Map<string, string[]>();
  for (const { entry } of leftovers) {
    if (entry.resource.kind !== 'file' || !changed.has(entry.ref)) continue;
    for (const unit of entry.feeds) paths.set(unit, [...(paths.get(unit) ?? []), entry.resource.path]);
  }
  const stays = (unit: string): boolean => {
    const name = ref('service', unit);
    if (desired.resources.some((one) => one.ref === name)) return true;
    const own = observation.leftovers.find(({ entry }) => entry.ref === name);
    const before = own?.before as ServiceState | undefined;
    return before !== undefined && runsNow(before);
  };
  return [...paths].filter(([unit]) => stays(unit)).map(([unit, list]) => takeUp(unit, list, desired.platform));
}

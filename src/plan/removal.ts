import type { Leftover } from '../manifest/manifest.ts';
import { entryId } from '../manifest/entry-id.ts';
import type { Observation } from '../observe/observe.ts';
import { kinds } from '../resources/index.ts';
import { ref, type RemoveContext, type Step } from '../resources/resource.ts';
import { runsNow, takeUp, type ServiceState } from '../resources/service.ts';
import type { Platform } from '../platform/platform.ts';
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
 * how it came, but for what is in the way of something wished and has gone before. Whatever has no step of its own is forgotten with the next step: it is gone, or belongs to the host.
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
    const list = takeAway(its, context, changed);
    if (list.length > 0) steps.set(stage, [...list, ...takenUp(desired, observation, its, changed)]);
  }
  return steps;
}

/**
 * The steps that take away at once what is in the way of something wished.
 *
 * @param soon units that take up what changes right after it.
 */
export function clearWay(
  obstacles: readonly Leftover[],
  desired: DesiredHost,
  observation: Observation,
  soon: readonly string[],
): Step[] {
  const changed = new Set<string>();
  const list = takeAway(obstacles, onItsOwn(desired.platform), changed);
  const reloads = takenUp(desired, observation, obstacles, changed);
  return [...list, ...reloads.filter((step) => !soon.some((unit) => step.resource === ref('service', unit)))];
}

/** Whether a leftover is there at all, and not only in the manifest. */
export function isThere(leftover: Leftover, platform: Platform): boolean {
  return stepsFor(leftover, onItsOwn(platform)).length > 0;
}

/** Something that goes while all else stays, packages too. */
function onItsOwn(platform: Platform): RemoveContext {
  return { platform, changed: () => false, removePackages: false };
}

/** What came last goes first; the last step forgets them all. */
function takeAway(leftovers: readonly Leftover[], context: RemoveContext, changed: Set<string>): Step[] {
  const list: Step[] = [];
  for (const leftover of [...leftovers].sort((one, other) => other.entry.position - one.entry.position)) {
    const removal = stepsFor(leftover, context);
    if (removal.length > 0) changed.add(leftover.entry.ref);
    list.push(...removal);
  }
  const last = list.at(-1) ?? settled(leftovers);
  const forgets = leftovers.map(({ entry }) => entryId(entry.ref));
  return last === undefined ? [] : [...list.slice(0, -1), { ...last, forgets }];
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

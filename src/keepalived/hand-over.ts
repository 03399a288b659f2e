import type { Cluster, FileTracker, VrrpInstance } from '../inventory/cluster.ts';

/** What moves from director to director as one: a sync group, or an instance that is in none. */
export interface Movable {
  readonly name: string;
  readonly vips: readonly string[];
  /** Directors, those of the highest priority first. */
  readonly order: readonly string[];
  /** Whether the first of them takes over as soon as it can. */
  readonly preempts: boolean;
  /** As long as this file is there with a 1, a director that has it is in state FAULT for it. */
  readonly file: string;
}

/** Everything that moves as one; none where a roll-out does not hand over, or there is nobody to take it. */
export function movables({ vrrp, syncGroups, directors, rollout }: Cluster): Movable[] {
  if (!rollout.switchOver || directors.length < 2) return [];
  const grouped = syncGroups.map(({ name, instances }) =>
    movable(
      `group-${name}`,
      vrrp.filter((one) => instances.includes(one.name)),
    ),
  );
  const alone = vrrp.filter(({ name }) => !syncGroups.some(({ instances }) => instances.includes(name)));
  return [...grouped, ...alone.map((one) => movable(one.name, [one]))];
}

function movable(name: string, members: readonly VrrpInstance[]): Movable {
  const [first] = members;
  return {
    name,
    vips: members.flatMap(({ vips }) => vips.map(({ address }) => address)),
    order: Object.entries(first?.priorities ?? {})
      .sort(([, a], [, b]) => b - a)
      .map(([director]) => director),
    preempts: first !== undefined && first.preempt && first.preemptDelay === 0,
    // keepalived watches the folder, and only /run is there at every boot and empty then.
    file: `/run/lvsctl-away.${name}`,
  };
}

/**
 * The tracker by which a director can be told to give up what it holds. Weight 0, since members of a sync group may have no other:
 * a 1 in the file is a fault, and a file that is not there is none (keepalived.conf(5), track files; seen of 2.2.7 and 2.3.3).
 */
export function handOverTrackers(cluster: Cluster, instance: VrrpInstance): FileTracker[] {
  const carries = (one: Movable): boolean => instance.vips.some(({ address }) => one.vips.includes(address));
  return movables(cluster)
    .filter(carries)
    .map(({ name, file }) => ({ type: 'file', name: `${trackerPrefix}${name}`, path: file, initial: 0, weight: 0 }));
}

/** How the names of these trackers begin; none of a user's does. */
export const trackerPrefix = 'lvsctl_away_';

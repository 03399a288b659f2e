import type { Cluster, Tracker } from '../inventory/cluster.ts';
import type { Path } from '../inventory/yaml/places.ts';

/** An instance or a sync group with what it watches, and the path of it in the cluster. */
export interface Watcher {
  readonly path: Path;
  readonly trackers: readonly Tracker[];
}

/** Every instance and sync group, in their order. */
export function watchers({ vrrp, syncGroups }: Cluster): Watcher[] {
  return [
    ...vrrp.map(({ name, trackers }) => ({ path: ['vrrp', name], trackers })),
    ...syncGroups.map(({ name, trackers }) => ({ path: ['syncGroups', name], trackers })),
  ];
}

/** Every tracker of instances and sync groups, in their order. */
export function allTrackers(cluster: Cluster): Tracker[] {
  return watchers(cluster).flatMap(({ trackers }) => trackers);
}

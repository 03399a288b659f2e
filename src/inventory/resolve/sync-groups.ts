import type { SyncGroup } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Context } from './context.ts';
import { resolveNotify, silent } from './program.ts';
import { resolveTrackers, type TrackerScope } from './trackers.ts';

/** The sync groups as they are written. */
export function resolveSyncGroups({ syncGroups = {} }: Written, scope: TrackerScope, context: Context): SyncGroup[] {
  return Object.entries(syncGroups).map(([name, group]) => {
    const path = ['syncGroups', name];
    if (Array.isArray(group)) {
      context.link([...path, 'instances'], path);
      return plainGroup(name, group);
    }
    return {
      name,
      instances: group.instances,
      trackers: resolveTrackers(group.track, [...path, 'track'], scope, context),
      notify: resolveNotify(group.notify, [...path, 'notify'], context),
    };
  });
}

/** A group that does nothing but keep its instances together. */
export function plainGroup(name: string, instances: readonly string[]): SyncGroup {
  return { name, instances, trackers: [], notify: silent };
}

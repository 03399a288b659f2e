import type { Tracker } from '../inventory/cluster.ts';
import type { RoleContext } from '../roles/role.ts';
import { sessionName } from './bfd.ts';
import { handOverTrackers } from './hand-over.ts';
import { part } from './part.ts';
import { commandLine } from './program.ts';
import { allTrackers } from './watchers.ts';

/** The `vrrp_script`, `vrrp_track_process` and `track_file` blocks that trackers refer to, each once, kind after kind. */
export function trackerDefinitions(context: RoleContext): string[] {
  const all = allTrackers(context.cluster);
  const blocks = [
    ...all.flatMap((tracker) =>
      tracker.type === 'script'
        ? [part(context, 'track-script', { ...tracker, command: commandLine(tracker.program) })]
        : [],
    ),
    ...all.flatMap((tracker) => (tracker.type === 'process' ? [part(context, 'track-process', { ...tracker })] : [])),
    ...all.flatMap((tracker) => (tracker.type === 'file' ? [part(context, 'track-file', { ...tracker })] : [])),
    ...context.cluster.vrrp
      .flatMap((instance) => handOverTrackers(context.cluster, instance))
      .map((tracker) => part(context, 'away-file', { name: tracker.name, path: tracker.path })),
  ];
  return [...new Set(blocks)];
}

/** The `track_*` blocks of an instance or a sync group; empty when it watches nothing. */
export function trackingLines(context: RoleContext, trackers: readonly Tracker[]): string {
  const of = (type: Tracker['type']) => trackers.filter((tracker) => tracker.type === type);
  const sessions = trackers.flatMap((tracker) => {
    const neighbor = tracker.type === 'bfd' ? tracker.neighbors[context.host.name] : undefined;
    return neighbor === undefined ? [] : [{ name: sessionName(neighbor), weight: tracker.weight }];
  });
  return part(
    context,
    'tracking',
    { interfaces: of('interface'), scripts: of('script'), processes: of('process'), files: of('file'), sessions },
    4,
  );
}

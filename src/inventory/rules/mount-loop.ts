import type { Cluster, NfsExport } from '../cluster.ts';
import { exportOf, isWithin } from '../nfs.ts';
import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** What a host exports does not come, by way of mounts, from itself. */
export const mountLoop: Rule = {
  name: 'mount-loop',
  why: 'hosts that wait for each other never finish to boot, and a folder that is mounted below itself has no end',
  check(cluster, place) {
    const told = new Set<string>();
    return cluster.exports.flatMap((start) => {
      const loop = loopFrom(cluster, start, [start], new Set([start]));
      if (loop === undefined) return [];
      const names = loop.map(nameOf);
      const id = [...names].sort().join(' ');
      if (told.has(id)) return [];
      told.add(id);
      const next = loop[1] ?? start;
      const mount = cluster.mounts.find(
        (one) => one.hosts.includes(start.host) && exportOf(cluster, one.server, one.export) === next,
      );
      const message = `${[...names, names[0]].join(' is made of ')}: it is mounted from itself`;
      return [
        problemAt(place(['storage', 'mounts', mount?.path ?? '']), this.name, message, 'mount it somewhere else'),
      ];
    });
  },
};

/** The exports from one back to itself, each made of the next. */
function loopFrom(
  cluster: Cluster,
  start: NfsExport,
  way: readonly NfsExport[],
  seen: Set<NfsExport>,
): readonly NfsExport[] | undefined {
  for (const next of madeOf(cluster, way.at(-1) ?? start)) {
    if (next === start) return way;
    if (seen.has(next)) continue;
    seen.add(next);
    const found = loopFrom(cluster, start, [...way, next], seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The exports that are mounted in, or over, an exported folder. */
function madeOf(cluster: Cluster, { host, path }: NfsExport): NfsExport[] {
  return cluster.mounts.flatMap((mount) => {
    if (!mount.hosts.includes(host)) return [];
    if (!isWithin(mount.path, path) && !isWithin(path, mount.path)) return [];
    const source = exportOf(cluster, mount.server, mount.export);
    return source === undefined ? [] : [source];
  });
}

function nameOf({ host, path }: NfsExport): string {
  return `${host}:${path}`;
}

import type { Cluster } from '../../inventory/cluster.ts';
import type { FileResource } from '../../resources/file.ts';

/**
 * Where a director says which hosts are drained, a name a line. It is the directors that know it, and not the machine of an
 * operator: whoever plans next, from whatever machine, finds it there.
 */
export const drainedPath = '/var/lib/lvsctl/drained';

/** The file at {@link drainedPath}, or its absence. */
export function drainedFile({ drained }: Cluster): FileResource {
  const content = drained.length === 0 ? undefined : drainedText(drained);
  return { kind: 'file', path: drainedPath, content, mode: '0644', owner: 'root', group: 'root' };
}

/** The text of the file at {@link drainedPath}. */
export function drainedText(drained: readonly string[]): string {
  return drained.map((name) => `${name}\n`).join('');
}

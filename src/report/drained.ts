import type { Cluster } from '../inventory/cluster.ts';

/** Says which hosts are drained; nothing where none is. */
export function drainedText({ drained }: Pick<Cluster, 'drained'>): string[] {
  return drained.length === 0 ? [] : [`Drained: ${drained.join(', ')}. "lvsctl undrain HOST" puts a host back.`];
}

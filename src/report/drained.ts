import type { Cluster } from '../inventory/cluster.ts';

/** Says which hosts are drained, and which ones an earlier run left so; nothing where none is. */
export function drainedText({ drained }: Pick<Cluster, 'drained'>, byRun: readonly string[] = []): string[] {
  return [
    ...(drained.length === 0 ? [] : [`Drained: ${drained.join(', ')}. "lvsctl undrain HOST" puts a host back.`]),
    ...(byRun.length === 0
      ? []
      : [`Still drained by a run that came to no end: ${byRun.join(', ')}. An apply to the directors puts them back.`]),
  ];
}

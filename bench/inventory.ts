import type { Cluster } from '../src/inventory/cluster.ts';
import { loadCluster } from '../src/inventory/load.ts';
import { formatProblem } from '../src/inventory/problem.ts';
import { BenchFailure } from './failure.ts';

/** The cluster of an inventory. Throws BenchFailure when the inventory is not sound. */
export async function clusterOf(file: string): Promise<Cluster> {
  const cluster = await loadCluster(file, {});
  if (!cluster.ok) throw new BenchFailure(cluster.error.map((problem) => formatProblem(problem)).join('\n'));
  return cluster.value;
}

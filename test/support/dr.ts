import { join } from 'node:path';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { loadCluster } from '../../src/inventory/load.ts';

/** The inventory that everything is shown by, inventories/dr.yaml. */
export async function loadDr(): Promise<Cluster> {
  const loaded = await loadCluster(join(import.meta.dirname, '..', '..', 'inventories', 'dr.yaml'), {});
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  return loaded.value;
}

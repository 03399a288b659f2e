import type { Cluster } from '../inventory/cluster.ts';
import { checkCluster } from '../inventory/load.ts';
import { formatProblem } from '../inventory/problem.ts';
import type { Output, Terminal } from './context.ts';

/**
 * Reads the named inventory, or the default one, for those who need no secret of it: no program that it names is run. Undefined
 * after its problems were told.
 */
export async function readInventory(
  terminal: Terminal,
  named: string | undefined,
  out: Output,
): Promise<{ readonly cluster: Cluster; readonly file: string } | undefined> {
  const file = named ?? terminal.env['LVSCTL_INVENTORY'] ?? 'lvsctl.yaml';
  const loaded = await checkCluster(file, terminal.env);
  if (loaded.ok) return { cluster: loaded.value, file };
  for (const problem of loaded.error) out.error(formatProblem(problem));
  return undefined;
}

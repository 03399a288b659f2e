import type { Cluster, NfsMount } from '../inventory/cluster.ts';
import { exportOf, isAutomount, offerTo } from '../inventory/nfs.ts';
import { quote } from '../ssh/quote.ts';
import { inTime } from './trial.ts';

/** Whether root of a client may write through a mount, as the inventory says. */
export function mayWrite(cluster: Cluster, mount: NfsMount, client: string): boolean {
  const [from, to] = [client, mount.server].map((name) => cluster.hosts.find((host) => host.name === name));
  const exported = exportOf(cluster, mount.server, mount.export);
  const options = from && to && exported && offerTo(from, to, exported)?.options;
  if (options === undefined || mount.options.includes('ro')) return false;
  return options.includes('rw') && options.includes('no_root_squash') && !options.includes('all_squash');
}

/** sh that has an automount mounted, for at most some seconds; empty for a mount that is there anyway. */
export function wake(mount: NfsMount): string {
  return isAutomount(mount) ? `${inTime} stat -f -- ${quote(mount.path)} >/dev/null 2>&1; ` : '';
}

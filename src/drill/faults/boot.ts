import type { Cluster } from '../../inventory/cluster.ts';
import type { Step } from '../../resources/resource.ts';
import { hostOf } from '../drill.ts';
import { breaking } from './marking.ts';

/** Boots a host again, as somebody does after a kernel update. It comes back by itself: there is nothing to take back. */
export function reboot(cluster: Cluster, host: string): Step {
  const { platform } = hostOf(cluster, host);
  const command = platform === 'alpine' ? 'reboot' : 'systemctl reboot';
  return breaking('host', 'booted again', `{ sleep 1; ${command}; } >/dev/null 2>&1 3>&- &`, ':');
}

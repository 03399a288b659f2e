import type { Cluster } from '../../inventory/cluster.ts';
import { platforms } from '../../platform/index.ts';
import type { Step } from '../../resources/resource.ts';
import { hostOf } from '../drill.ts';
import { breaking } from './marking.ts';
import { keepalivedUnit } from './service.ts';

/**
 * sh that prints the processes of keepalived as `PID STARTED`: by /proc, since pgrep and pidof are not on every host. All of them count: a
 * parent that is killed alone has its children leave gracefully, and that is no crash.
 */
const processes = String.raw`
keepaliveds() {
  for one in /proc/[0-9]*; do
    name=
    { read -r name <"$one/comm"; } 2>/dev/null || continue
    [ "$name" = keepalived ] || continue
    { read -r line <"$one/stat"; } 2>/dev/null || continue
    set -- $line
    echo "${'$'}{one#/proc/} ${'$'}{22}"
  done
}
keepaliveds >"$work/$step.processes"
[ -s "$work/$step.processes" ] || { echo 'keepalived does not run'; false; }
`;

/** Freezes every process of keepalived: it sends nothing, and its VIPs and its table stay where they are. */
export function freezeKeepalived(): Step {
  const each = (signal: string): string =>
    `while read -r pid began; do alive "$pid" "$began" && kill -${signal} "$pid"; done <"$work/$step.processes" || :`;
  return breaking(
    'process keepalived',
    'all its processes frozen (SIGSTOP)',
    [processes, each('STOP')].join('\n'),
    `[ -e "$work/$step.processes" ] || return 0\n${each('CONT')}`,
  );
}

/** Kills every process of keepalived at once: it says no goodbye, and its VIPs and its table stay behind. */
export function killKeepalived(cluster: Cluster, host: string): Step {
  const { services } = platforms[hostOf(cluster, host).platform];
  return breaking(
    'process keepalived',
    'all its processes killed (SIGKILL)',
    [
      processes,
      'pids=',
      `while read -r pid began; do pids="$pids $pid"; done <"$work/$step.processes"`,
      // One may have ended by itself: kill(1) has sent the others theirs all the same.
      'kill -KILL $pids 2>/dev/null || :',
    ].join('\n'),
    services.start(keepalivedUnit(cluster, host), false),
  );
}

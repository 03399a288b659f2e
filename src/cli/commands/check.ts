import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { checkCluster } from '../../inventory/load.ts';
import { count } from '../../report/plan.ts';
import { withCluster } from '../with-cluster.ts';

/** `lvsctl check`: the inventory and the rules across hosts; no host is touched, and no program that it names is run. */
export function check(terminal: Terminal, flags: GlobalFlags): Promise<number> {
  return withCluster(
    terminal,
    flags,
    ({ cluster, out }) => {
      if (flags.json) out.json({ ok: true, problems: [] });
      else {
        const parts = [
          count(cluster.hosts.length, 'host'),
          count(cluster.directors.length, 'director'),
          count(cluster.services.length, 'service'),
        ];
        out.line(`${flags.inventory} is sound: ${parts.join(', ')}.`);
      }
      return exit.ok;
    },
    checkCluster,
  );
}

import type { RoleContext } from '../roles/role.ts';
import { part } from './part.ts';

/** The lines of `global_defs` that concern IPVS, keepalived.conf(5); empty when there are none. */
export function lvsGlobals(context: RoleContext): string {
  const { syncDaemon, timeouts, flush, flushOnStop } = context.cluster.ipvs;
  return part(
    context,
    'lvs',
    {
      syncDaemon: syncDaemon && { ...syncDaemon, interface: syncDaemon.interfaces[context.host.name] },
      timeouts: Object.values(timeouts).some((value) => value !== undefined) ? timeouts : undefined,
      flush,
      flushOnStop,
    },
    4,
  );
}

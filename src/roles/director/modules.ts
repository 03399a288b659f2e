import type { VirtualService } from '../../inventory/cluster.ts';
import type { RoleContext } from '../role.ts';

/** The kernel modules of a director: IPVS itself, a scheduler each, and the persistence engines in use. */
export function ipvsModules({ cluster }: RoleContext): string[] {
  return ['ip_vs', ...[...new Set(cluster.services.flatMap(modulesOf))].sort()];
}

function modulesOf({ scheduler, persistence }: VirtualService): string[] {
  return [`ip_vs_${scheduler}`, ...(persistence?.engine ? [`ip_vs_pe_${persistence.engine}`] : [])];
}

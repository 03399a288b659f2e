import type { VirtualService } from '../../inventory/cluster.ts';
import type { KernelModuleResource } from '../../resources/kernel-module.ts';
import type { RoleContext } from '../role.ts';

/** The kernel modules of a director: IPVS itself, a scheduler each, and the persistence engines in use. */
export function ipvsModules({ cluster }: RoleContext): Omit<KernelModuleResource, 'kind'>[] {
  const needs = new Map<string, { what: string; services: string[] }>();
  for (const service of cluster.services) {
    for (const [module, what] of needsOf(service)) {
      const need = needs.get(module) ?? { what, services: [] };
      need.services.push(service.name);
      needs.set(module, need);
    }
  }
  const sorted = [...needs].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    { module: 'ip_vs', neededBy: 'a director' },
    ...sorted.map(([module, { what, services }]) => ({ module, neededBy: `${what} of ${services.join(', ')}` })),
  ];
}

function needsOf({ scheduler, persistence }: VirtualService): [module: string, what: string][] {
  return [
    [`ip_vs_${scheduler}`, `the scheduler ${scheduler}`],
    ...(persistence?.engine
      ? [[`ip_vs_pe_${persistence.engine}`, `the persistence engine ${persistence.engine}`] as [string, string]]
      : []),
  ];
}

import type { Cluster } from '../inventory/cluster.ts';
import { factsSection } from '../observe/facts.ts';
import type { Section } from '../observe/frame.ts';
import type { Platform } from '../platform/platform.ts';
import { drainedPath } from '../roles/director/drained.ts';

/** ipvsadm(8) loads ip_vs: a host without it is not to get it by being looked at. */
const ifLoaded = '[ ! -e /proc/net/ip_vs ] ||';

/**
 * What a host is asked for its status, all in one exec. Rates are the kernel's own, an average over some eight seconds
 * (net/netfilter/ipvs/ip_vs_est.c), so that one look is enough.
 */
export function statusSections(cluster: Cluster, host: string, platform: Platform): Section[] {
  const mounts: Section[] = cluster.mounts.some(({ hosts }) => hosts.includes(host))
    ? [{ name: 'mounts', sh: 'cat /proc/self/mounts' }]
    : [];
  if (!cluster.directors.includes(host)) return [factsSection, ...mounts];
  return [
    factsSection,
    ...mounts,
    { name: 'table', sh: `${ifLoaded} ipvsadm -Ln` },
    { name: 'rates', sh: `${ifLoaded} ipvsadm -Ln --rate` },
    { name: 'daemon', sh: `${ifLoaded} ipvsadm -l --daemon` },
    { name: 'drained', sh: `cat ${drainedPath} 2>/dev/null` },
    { name: 'links', sh: 'ip -o link show' },
    { name: 'keepalived', sh: platform.services.show([platform.units.keepalived]) },
  ];
}

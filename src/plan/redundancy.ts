import type { Cluster, VirtualService } from '../inventory/cluster.ts';

/** How a service does without some of its hosts. */
export type Left = 'enough' | 'less than half' | 'too few';

/**
 * What is left of a service while hosts are out: `too few` is none, or less than its quorum; of two, one is half. Hosts that have weight 0
 * anyway count for nothing.
 */
export function leftOf({ realServers, quorum }: VirtualService, out: ReadonlySet<string>): Left {
  const working = realServers.filter(({ weight }) => weight > 0);
  const left = working.filter(({ host }) => !out.has(host));
  const weight = left.reduce((sum, server) => sum + server.weight, 0);
  if (left.length === 0 || weight < quorum) return 'too few';
  return left.length * 2 < working.length ? 'less than half' : 'enough';
}

/** The services that send requests to a host. */
export function servicesOf({ services }: Cluster, host: string): VirtualService[] {
  return services.filter(({ realServers }) => realServers.some((one) => one.host === host && one.weight > 0));
}

/** The services of these hosts that would not have enough real servers left without them. */
export function shortWithout(cluster: Cluster, hosts: readonly string[]): string[] {
  const out = new Set(hosts);
  const concerned = new Set(hosts.flatMap((host) => servicesOf(cluster, host)));
  return [...concerned].filter((service) => leftOf(service, out) !== 'enough').map(({ name }) => name);
}

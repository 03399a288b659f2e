import type { Host, IpvsSettings, SyncDaemon, VrrpInstance } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Context } from './context.ts';

type WrittenDaemon = Exclude<NonNullable<Written['ipvs']>['syncDaemon'], boolean | undefined>;

/** The settings of IPVS itself. */
export function resolveIpvs(
  written: Written['ipvs'],
  directors: readonly Host[],
  instances: readonly VrrpInstance[],
  context: Context,
): IpvsSettings {
  const { syncDaemon, timeouts, marking, flush, flushOnStop } = written ?? {};
  return {
    syncDaemon:
      syncDaemon === undefined || syncDaemon === false
        ? undefined
        : resolveDaemon(syncDaemon === true ? {} : syncDaemon, directors, instances, context),
    timeouts: { tcp: timeouts?.tcp, tcpFin: timeouts?.tcpFin, udp: timeouts?.udp },
    marking: marking ?? 'nftables',
    flush: flush ?? false,
    flushOnStop: flushOnStop ?? false,
  };
}

/**
 * With one instance its master sends. With several, masters may be on different directors, and a kernel has but one daemon
 * of each sort: then every director does both.
 */
function resolveDaemon(
  written: WrittenDaemon,
  directors: readonly Host[],
  instances: readonly VrrpInstance[],
  context: Context,
): SyncDaemon {
  const path = ['ipvs', 'syncDaemon'];
  const only = instances.length === 1 ? instances[0]?.name : undefined;
  const instance = written.instance === false ? undefined : (written.instance ?? only);
  if (instance !== undefined && !instances.some(({ name }) => name === instance)) {
    const names = instances.map(({ name }) => name).join(', ') || 'none';
    context.report('reference', [...path, 'instance'], `there is no VRRP instance ${instance}`, `there are: ${names}`);
  }
  for (const { name, addresses } of directors) {
    if (written.interface === undefined || addresses.some((own) => own.interface === written.interface)) continue;
    context.report('reference', [...path, 'interface'], `${name} has no address on ${written.interface}`);
  }
  return {
    interfaces: Object.fromEntries(directors.map((host) => [host.name, written.interface ?? host.interface])),
    id: written.id ?? 1,
    instance,
    port: written.port ?? 8848,
    group: written.group ?? '224.0.0.81',
    ttl: written.ttl ?? 1,
  };
}

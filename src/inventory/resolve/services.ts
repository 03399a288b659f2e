import { readIp } from '../address.ts';
import type { Family, Host, Persistence, VirtualService } from '../cluster.ts';
import type { Written } from '../schema.ts';
import { resolveChecks } from './check.ts';
import type { Context } from './context.ts';
import { resolveForwarding } from './forwarding.ts';
import { portsOf } from './ports.ts';
import { resolveRealServers } from './real-servers.ts';
import { resolveQuorumNotify } from './service-notify.ts';
import { resolveSorryServer } from './sorry-server.ts';

type WrittenService = NonNullable<Written['services']>[string];

/** The virtual services with their real servers. */
export function resolveServices(
  written: Written,
  hosts: ReadonlyMap<string, Host>,
  directors: readonly string[],
  context: Context,
): VirtualService[] {
  const services: VirtualService[] = [];
  const chosen = directors.flatMap((name) => hosts.get(name) ?? []);
  const ports = portsOf(written.services ?? {}, context);
  for (const [name, service] of Object.entries(written.services ?? {})) {
    const path = ['services', name];
    const vip = readIp(service.vip);
    if (!vip.ok) {
      context.report('address', [...path, 'vip'], vip.error);
      continue;
    }
    if (!Array.isArray(service.check)) context.link([...path, 'check', 0], [...path, 'check']);
    const { address, family } = vip.value;
    const protocol = service.protocol ?? 'TCP';
    if (protocol !== 'TCP' && service.check === undefined) {
      const hint =
        'a TCP check would take every real server out: write a check by dns, udp, ping or misc, or check: { tcp: true }';
      context.report('udp-check', path, `${name} is a ${protocol} service without a check of its own`, hint, 'key');
    }
    const { port, mark } = ports.get(name) ?? { port: 1, mark: undefined };
    const forwarding = resolveForwarding({ written: service, path, vip: address, family }, written, chosen, context);
    if (forwarding === undefined) continue;
    const near = forwarding.mode === 'NAT' ? forwarding.gateway : address;
    const reached = forwarding.mode === 'TUN' ? forwarding.outer : family;
    const behind = { near, family: reached, port, hosts, directors: chosen };
    services.push({
      name,
      vip: address,
      family,
      port,
      mark,
      protocol,
      forwarding,
      scheduler: service.scheduler ?? 'wlc',
      schedulerFlags: service.schedulerFlags ?? [],
      persistence: resolvePersistence(service, family),
      onePacket: service.onePacket ?? false,
      alpha: service.alpha ?? true,
      omega: service.omega ?? false,
      quorum: service.quorum ?? 1,
      hysteresis: service.hysteresis ?? 0,
      inhibitOnFailure: service.inhibitOnFailure ?? false,
      sorryServer: resolveSorryServer(service, behind, [...path, 'sorryServer'], context),
      quorumNotify: resolveQuorumNotify(service.notify, [...path, 'notify'], context),
      checks: resolveChecks(service.check ?? {}, [...path, 'check'], context),
      realServers: resolveRealServers(service, behind, path, context),
    });
  }
  return services;
}

function resolvePersistence({ persistence }: WrittenService, family: Family): Persistence | undefined {
  if (persistence === undefined) return undefined;
  const own = typeof persistence === 'number' ? { timeout: persistence } : persistence;
  return {
    timeout: own.timeout ?? 300,
    granularity: own.granularity ?? (family === 4 ? 32 : 128),
    engine: own.engine,
  };
}

import { inNetwork, readIp } from '../address.ts';
import type { Family, Host, RealServer, VirtualService } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import { resolveCheck } from './check.ts';
import type { Context } from './context.ts';

type WrittenService = NonNullable<Written['services']>[string];

/** The virtual services with their real servers. */
export function resolveServices(
  written: Written,
  hosts: ReadonlyMap<string, Host>,
  directors: readonly string[],
  context: Context,
): VirtualService[] {
  const services: VirtualService[] = [];
  for (const [name, service] of Object.entries(written.services ?? {})) {
    const path = ['services', name];
    const vip = readIp(service.vip);
    if (!vip.ok) {
      context.report('address', [...path, 'vip'], vip.error);
      continue;
    }
    const { address, family } = vip.value;
    const protocol = service.protocol ?? 'TCP';
    if (protocol === 'UDP' && service.check === undefined) {
      const hint =
        'a TCP check would take every real server out; if they listen on TCP too, say so: check: { tcp: true }';
      context.report('udp-check', path, `${name} is a UDP service without a check of its own`, hint, 'key');
    }
    services.push({
      name,
      vip: address,
      family,
      port: service.port,
      protocol,
      mode: service.mode ?? 'DR',
      scheduler: service.scheduler ?? 'wlc',
      persistence: service.persistence,
      check: resolveCheck(service.check ?? {}, [...path, 'check'], context),
      realServers: resolveRealServers(
        service,
        { address, family, hosts, directors },
        [...path, 'realServers'],
        context,
      ),
    });
  }
  return services;
}

interface Behind {
  readonly address: string;
  readonly family: Family;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly directors: readonly string[];
}

function resolveRealServers(service: WrittenService, vip: Behind, path: Path, context: Context): RealServer[] {
  const chosen = new Map<string, number>();
  const realServers: RealServer[] = [];
  const networks = vip.directors
    .flatMap((name) => vip.hosts.get(name)?.addresses ?? [])
    .filter((network) => inNetwork(vip.address, network));
  const add = (name: string, entry: number, own: { port?: number | undefined; weight?: number | undefined }) => {
    const first = chosen.get(name);
    if (first !== undefined) {
      const hint = `the first is at realServers[${first}]; '!${name}' among the entries keeps a pattern from selecting it`;
      context.report('duplicate', [...path, entry], `${name} is a real server of this service twice`, hint);
      return;
    }
    chosen.set(name, entry);
    context.link([...path, realServers.length], [...path, entry]);
    const ofFamily = vip.hosts.get(name)?.addresses.filter(({ family }) => family === vip.family) ?? [];
    const address = ofFamily.find((one) => networks.some((network) => inNetwork(one.address, network))) ?? ofFamily[0];
    if (address === undefined) {
      context.report('address-family', [...path, entry], `${name} has no IPv${vip.family} address, as the VIP has`);
      return;
    }
    realServers.push({ host: name, address: address.address, port: own.port ?? service.port, weight: own.weight ?? 1 });
  };
  for (const { name, entry } of selectEach(service.realServers, path, context)) {
    const own = service.realServers[entry];
    add(name, entry, typeof own === 'object' ? own : {});
  }
  return realServers;
}

/** The hosts of each entry in the order written; `!` and `&` entries hold for the plain patterns. */
function selectEach(entries: WrittenService['realServers'], path: Path, context: Context) {
  const signed = entries.flatMap((entry) => (typeof entry === 'string' && /^[!&]/.test(entry) ? [entry] : []));
  const limits = signed.length === 0 ? undefined : new Set(context.select(signed, path, false));
  return entries.flatMap((entry, n) => {
    if (typeof entry !== 'string')
      return context.selectOne(entry.host, [...path, n, 'host']).map((name) => ({ name, entry: n }));
    if (/^[!&]/.test(entry)) return [];
    const names = context.selectOne(entry, [...path, n]);
    return names.filter((name) => limits === undefined || limits.has(name)).map((name) => ({ name, entry: n }));
  });
}

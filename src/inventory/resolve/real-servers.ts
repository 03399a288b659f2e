import { inNetwork } from '../address.ts';
import type { Family, Host, RealServer } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import { resolveChecks } from './check.ts';
import type { Context } from './context.ts';
import { notifyFor, resolveServerNotify } from './service-notify.ts';

type WrittenService = NonNullable<Written['services']>[string];
type WrittenServer = Exclude<WrittenService['realServers'][number], string>;

/** What is known of a service when the servers behind it are looked up. */
export interface Behind {
  /** Of a host's addresses the one in the network of this one is its RIP. */
  readonly near: string;
  readonly family: Family;
  /** The port of the service, which is the servers' unless they say otherwise. */
  readonly port: number;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly directors: readonly Host[];
}

/** The address that a host is reached by: the one in the network that counts, else the first of its family. */
export function addressOf(name: string, { near, family, hosts, directors }: Behind): string | undefined {
  const networks = directors.flatMap(({ addresses }) => addresses).filter((network) => inNetwork(near, network));
  const own = hosts.get(name)?.addresses.filter((address) => address.family === family) ?? [];
  return (own.find((one) => networks.some((network) => inNetwork(one.address, network))) ?? own[0])?.address;
}

/** The real servers of a service, in the order written; `at` is the path of the service. */
export function resolveRealServers(service: WrittenService, behind: Behind, at: Path, context: Context): RealServer[] {
  const path = [...at, 'realServers'];
  const common = resolveServerNotify(service.notify, [...at, 'notify'], context);
  const chosen = new Map<string, number>();
  const realServers: RealServer[] = [];
  const add = (name: string, entry: number, own: Partial<WrittenServer>) => {
    const first = chosen.get(name);
    if (first !== undefined) {
      const hint = `the first is at realServers[${first}]; '!${name}' among the entries keeps a pattern from selecting it`;
      context.report('duplicate', [...path, entry], `${name} is a real server of this service twice`, hint);
      return;
    }
    chosen.set(name, entry);
    context.link([...path, realServers.length], [...path, entry]);
    const address = addressOf(name, behind);
    if (address === undefined) {
      context.report(
        'address-family',
        [...path, entry],
        `${name} has no IPv${behind.family} address, by which the directors would reach it`,
      );
      return;
    }
    const written = [...path, entry];
    const port = own.port ?? behind.port;
    if (!Array.isArray(own.check)) context.link([...path, realServers.length, 'check', 0], [...written, 'check']);
    const checks = own.check === undefined ? undefined : resolveChecks(own.check, [...written, 'check'], context);
    const notify = own.notify === undefined ? common : resolveServerNotify(own.notify, [...written, 'notify'], context);
    realServers.push({
      host: name,
      address,
      port,
      weight: own.weight ?? 1,
      upperThreshold: own.upperThreshold,
      lowerThreshold: own.lowerThreshold,
      checks,
      notify: notifyFor(notify, { host: name, address, port }),
    });
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

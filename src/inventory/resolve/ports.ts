import type { FirewallMark, PortRange } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';

type WrittenService = NonNullable<Written['services']>[string];

/** The ports of a service, and the firewall mark of one that has several. */
export interface ServicePorts {
  /** The only one, or the first. */
  readonly port: number;
  readonly mark: FirewallMark | undefined;
}

/** Gives each service its ports and, where it has several, its mark: the one that is written, or the next free number. */
export function portsOf(services: NonNullable<Written['services']>, context: Context): Map<string, ServicePorts> {
  const taken = new Set(Object.values(services).map(({ mark }) => mark));
  let next = 1;
  const deal = (): number => {
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  };
  return new Map(
    Object.entries(services).map(([name, service]) => {
      const ranges = rangesOf(service, ['services', name], context);
      const marked = service.ports !== undefined || service.mark !== undefined;
      const mark = marked ? { number: service.mark ?? deal(), ports: ranges } : undefined;
      return [name, { port: ranges[0]?.first ?? 1, mark }];
    }),
  );
}

function rangesOf({ port, ports }: WrittenService, path: Path, context: Context): PortRange[] {
  if (port === undefined && ports === undefined)
    context.report('port', path, '"port" is missing', 'write port: 80, or ports: [80, 443] for several', 'key');
  if (port !== undefined && ports !== undefined)
    context.report('port', [...path, 'ports'], 'a service has either port or ports, not both');
  if (ports === undefined) return [{ first: port ?? 1, last: port ?? 1 }];
  const ranges = ports.map((written, n) => {
    const [first = 0, last = first] = typeof written === 'number' ? [written] : written.split('-').map(Number);
    if (first > last) context.report('port', [...path, 'ports', n], `the range ${written} ends before it begins`);
    if (last > 65_535) context.report('port', [...path, 'ports', n], `${last} is no port: they end at 65535`);
    return { first, last, n };
  });
  ranges.sort((a, b) => a.first - b.first || a.last - b.last);
  for (const [at, { first, last, n }] of ranges.entries()) {
    const before = ranges[at - 1];
    if (before === undefined || first > before.last) continue;
    const shared = `${first === last ? first : `${first}-${last}`} and ${before.first}-${before.last}`;
    context.report('port', [...path, 'ports', n], `the ports ${shared} overlap`);
  }
  return ranges.map(({ first, last }) => ({ first, last }));
}

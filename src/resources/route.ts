import type { Family } from '../inventory/cluster.ts';
import { quote, quoteWords } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** A route that has to be there now; that it is after a boot is the business of a unit. */
export interface RouteResource {
  readonly kind: 'route';
  readonly family: Family;
  /** Undefined: the main table. */
  readonly table: number | undefined;
  /** `default`, or a network `10.78.0.0/24`. */
  readonly destination: string;
  /** Undefined: what is on the link itself. */
  readonly gateway: string | undefined;
  readonly interface: string;
}

/** A route as `ip route` prints it. */
export interface SeenRoute {
  readonly line: string;
  readonly gateway: string | undefined;
  readonly interface: string | undefined;
  /** The lower, the stronger; IPv4's 0 is not printed, ip-route(8). */
  readonly metric: number;
}

/** The routes to a destination in a table, the one in force first. */
export type RouteState = readonly SeenRoute[];

/**
 * What is wished beats what another program puts there: 0 is the strongest of IPv4, and 1 that of IPv6, whose 0 stands for
 * 1024, the metric of router advertisements.
 */
const metrics: Readonly<Record<Family, number>> = { 4: 0, 6: 1 };

/** Routes, by one `ip route` for each. */
export const route: Kind<RouteResource, RouteState> = {
  kind: 'route',
  name: (resource) =>
    [
      resource.destination,
      ...(resource.gateway === undefined ? [] : ['via', resource.gateway]),
      ...(resource.table === undefined ? [] : ['in table', resource.table]),
      ...(resource.family === 6 && resource.destination === 'default' && resource.gateway === undefined
        ? ['IPv6']
        : []),
    ].join(' '),

  probe: (resources) =>
    resources
      .map(({ family, table = 'main', destination }, index) =>
        // A table that was never used is an error.
        [
          `echo 'route ${index}'`,
          `ip -o -${family} route show table ${table} exact ${quote(destination)} 2>/dev/null || :`,
        ].join('\n'),
      )
      .join('\n'),

  read(output, resources) {
    const states = new Map<string, SeenRoute[]>();
    let current: SeenRoute[] = [];
    for (const line of output.split('\n')) {
      const resource = resources[Number(/^route (\d+)$/.exec(line)?.[1] ?? -1)];
      if (resource !== undefined) states.set(route.name(resource), (current = []));
      else if (line.trim() !== '') current.push(readRoute(line));
    }
    for (const seen of states.values()) seen.sort((a, b) => a.metric - b.metric);
    return states;
  },

  change(resource, observed = []) {
    const [first] = observed;
    if (first !== undefined && leadsWhere(resource, first)) return [];
    const replaced = observed.find(({ metric }) => metric === metrics[resource.family]);
    const was = first === undefined ? '' : `, now ${shown(first)}`;
    return [
      {
        resource: ref('route', route.name(resource)),
        action: first === undefined ? 'create' : 'update',
        summary: `dev ${resource.interface}${was}`,
        impact: first === undefined ? 'none' : 'interrupt',
        sh: replace(resource),
        undo: back(resource, replaced),
      },
    ];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? []) }),

  remove(resource, observed = [], before = []) {
    const [first] = observed;
    if (first === undefined || !leadsWhere(resource, first) || before.some((one) => leadsWhere(resource, one)))
      return [];
    const replaced = before.find(({ metric }) => metric === metrics[resource.family]);
    return [
      {
        resource: ref('route', route.name(resource)),
        action: replaced === undefined ? 'delete' : 'update',
        summary: replaced === undefined ? 'remove' : `back to ${shown(replaced)}`,
        impact: 'interrupt',
        sh: back(resource, replaced),
        undo: replace(resource),
      },
    ];
  },
};

/** The words after `ip route replace`, also for a unit. */
export function routeWords({ family, destination, gateway, table, interface: device }: RouteResource): string[] {
  return [
    destination,
    ...(gateway === undefined ? [] : ['via', gateway]),
    ...['dev', device],
    ...(table === undefined ? [] : ['table', String(table)]),
    ...(metrics[family] === 0 ? [] : ['metric', String(metrics[family])]),
  ];
}

function replace(resource: RouteResource): string {
  return `ip -${resource.family} route replace ${routeWords(resource).map(quote).join(' ')}`;
}

/** Puts back the route that was replaced, or takes the new one away, whether it is there by then or not. */
function back(resource: RouteResource, replaced: SeenRoute | undefined): string {
  const ip = `ip -${resource.family} route`;
  if (replaced === undefined) return `${ip} del ${routeWords(resource).map(quote).join(' ')} 2>/dev/null || :`;
  return `${ip} replace ${quoteWords(replaced.line)}${resource.table === undefined ? '' : ` table ${resource.table}`}`;
}

function leadsWhere(resource: RouteResource, seen: SeenRoute): boolean {
  return seen.gateway === resource.gateway && seen.interface === resource.interface;
}

function shown({ gateway, interface: device }: SeenRoute): string {
  return [...(gateway === undefined ? [] : [`via ${gateway}`]), `dev ${device ?? '?'}`].join(' ');
}

/** `default via 10.78.0.1 dev eth1 proto static metric 100`, without what the kernel adds of the moment. */
function readRoute(text: string): SeenRoute {
  const line = text.trim().replace(/ (?:linkdown|dead)\b| expires \d+sec/g, '');
  const after = (word: string): string | undefined => new RegExp(` ${word} (\\S+)`).exec(line)?.[1];
  return {
    line,
    gateway: after('via'),
    interface: after('dev'),
    metric: Number(after('metric') ?? 0),
  };
}

import type { RealServer, VirtualService } from '../inventory/cluster.ts';
import { endOf, keyOf } from '../ipvs/desired.ts';
import { endName, parseTable, serviceName, type TableServer } from '../ipvs/table.ts';
import { ref } from '../resources/resource.ts';
import type { PackageState } from '../resources/package.ts';
import type { Evidence } from './check.ts';
import { allVips, holderOf, holdersOf } from './scope.ts';

/** How a cluster was found: what a picture of it shows besides the inventory. What hosts said is raw. */
export interface Sight {
  /** The hosts that could be looked at, in inventory order. */
  readonly hosts: readonly HostSight[];
  readonly vips: readonly { readonly vip: string; readonly holders: readonly string[] }[];
  readonly pools: readonly PoolSight[];
}

/** What runs on a host. */
export interface HostSight {
  readonly name: string;
  /** os-release(5) ID and VERSION_ID, as in `debian 13`. */
  readonly system: string;
  /** `uname -r`. */
  readonly kernel: string;
  /** Versions of the packages that its roles need, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

/** A real server of a service as the director that holds the VIP has it. */
export interface PoolSight {
  readonly service: string;
  readonly host: string;
  /** `out`: its check keeps it out of the table; `drained`: weight 0; `unknown`: no single holder could be asked for its table. */
  readonly state: 'in' | 'drained' | 'out' | 'unknown';
}

/** Picks from the evidence of a verification what a picture shows. Pure. */
export function sightOf(evidence: Evidence): Sight {
  const { cluster, observations } = evidence;
  return {
    hosts: [...observations.values()].map(({ host, facts, states }) => ({
      name: host,
      system: `${facts.system.id} ${facts.system.version}`.trim(),
      kernel: facts.kernel,
      packages: Object.fromEntries((states.get(ref('package', 'all')) as PackageState | undefined)?.installed ?? []),
    })),
    vips: allVips(cluster).map((vip) => ({ vip, holders: holdersOf(evidence, vip) })),
    pools: cluster.services.flatMap((service) => poolOf(evidence, service)),
  };
}

function poolOf(evidence: Evidence, service: VirtualService): PoolSight[] {
  const holder = holderOf(evidence, service.vip);
  const answer = holder === undefined ? undefined : evidence.answer('before', holder, 'ipvs-table');
  const table = answer && parseTable(answer.output);
  const key = serviceName(keyOf(service));
  const live =
    table?.ok === true ? (table.value.find((one) => serviceName(one.key) === key)?.servers ?? []) : undefined;
  return service.realServers.map((server) => ({
    service: service.name,
    host: server.host,
    state: live === undefined ? 'unknown' : stateOf(service, server, live),
  }));
}

function stateOf(service: VirtualService, server: RealServer, live: readonly TableServer[]): PoolSight['state'] {
  const end = endName(endOf(service, server));
  const entry = live.find((one) => endName(one) === end);
  // With `inhibitOnFailure` a server that fails its check stays there with weight 0.
  if (entry === undefined || (entry.weight === 0 && server.weight > 0)) return 'out';
  return entry.weight === 0 ? 'drained' : 'in';
}

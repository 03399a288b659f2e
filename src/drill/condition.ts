import type { Cluster, VirtualService } from '../inventory/cluster.ts';
import { endOf, keyOf } from '../ipvs/desired.ts';
import { endName, serviceName, type TableService } from '../ipvs/table.ts';
import { listed } from '../verify/scope.ts';

/** Something that is waited for on the directors. */
export type Condition =
  /** Each VIP is held by another director than this one, whatever this one has: it may be frozen with the VIPs on its NIC. */
  | { readonly type: 'held-elsewhere'; readonly vips: readonly string[]; readonly than: string }
  /** Each VIP is held by one director only: by this one, if it is named. */
  | { readonly type: 'held-once'; readonly vips: readonly string[]; readonly by: string | undefined }
  /** Each VIP is held by two directors or more. */
  | { readonly type: 'held-twice'; readonly vips: readonly string[] }
  /** The real servers on a host get new connections (`in`) or none (`out`: weight 0, or gone) in these services on every director. */
  | {
      readonly type: 'pool';
      readonly host: string;
      readonly services: readonly VirtualService[];
      readonly are: 'in' | 'out';
    }
  /** Nothing but the sorry server stands in the service's table, on every director. */
  | { readonly type: 'sorry'; readonly service: VirtualService };

/** How a director was at one moment. */
export interface Snapshot {
  /** Addresses on its NICs, `lo` left out: a director that is a real server as well has VIPs there. */
  readonly addresses: ReadonlySet<string>;
  readonly table: readonly TableService[];
}

/** The last snapshot of each director that was heard of. */
export type Snapshots = ReadonlyMap<string, Snapshot>;

/** Whether a condition holds by what was heard last. What was not heard of does not hold. Pure. */
export function holds(condition: Condition, { directors }: Pick<Cluster, 'directors'>, seen: Snapshots): boolean {
  const holders = (vip: string): string[] => directors.filter((name) => seen.get(name)?.addresses.has(vip) === true);
  const everywhere = (test: (table: readonly TableService[]) => boolean): boolean =>
    directors.every((name) => {
      const snapshot = seen.get(name);
      return snapshot !== undefined && test(snapshot.table);
    });
  switch (condition.type) {
    case 'held-elsewhere':
      return condition.vips.every((vip) => holders(vip).some((name) => name !== condition.than));
    case 'held-once':
      return (
        directors.every((name) => seen.has(name)) &&
        condition.vips.every((vip) => {
          const [holder, ...others] = holders(vip);
          return holder !== undefined && others.length === 0 && (condition.by ?? holder) === holder;
        })
      );
    case 'held-twice':
      return condition.vips.every((vip) => holders(vip).length > 1);
    case 'pool':
      return everywhere((table) =>
        condition.services.every((service) =>
          weightsOf(service, condition.host, table).every((weight) => weight > 0 === (condition.are === 'in')),
        ),
      );
    case 'sorry':
      return everywhere((table) => isSorry(condition.service, table));
  }
}

/** The weights of the real servers that a host has in a service; one that is not in the table has 0. */
function weightsOf(service: VirtualService, host: string, table: readonly TableService[]): number[] {
  const live = entryOf(service, table)?.servers ?? [];
  return service.realServers
    .filter((one) => one.host === host)
    .map((server) => {
      const end = endName(endOf(service, server));
      return live.find((one) => endName(one) === end)?.weight ?? 0;
    });
}

function isSorry(service: VirtualService, table: readonly TableService[]): boolean {
  const { sorryServer } = service;
  if (sorryServer === undefined) return false;
  const sorry = endName(endOf(service, sorryServer));
  const live = (entryOf(service, table)?.servers ?? []).filter(({ weight }) => weight > 0);
  return live.length === 1 && live.every((one) => endName(one) === sorry);
}

function entryOf(service: VirtualService, table: readonly TableService[]): TableService | undefined {
  const name = serviceName(keyOf(service));
  return table.find(({ key }) => serviceName(key) === name);
}

/** A condition for people, as something that comes about. */
export function conditionText(condition: Condition): string {
  switch (condition.type) {
    case 'held-elsewhere':
      return `${listed(condition.vips)} on another director than ${condition.than}`;
    case 'held-once':
      return `${listed(condition.vips)} on ${condition.by ?? 'one director'} only`;
    case 'held-twice':
      return `${listed(condition.vips)} on two directors at once`;
    case 'pool':
      return `${condition.host} ${condition.are === 'in' ? 'gets' : 'gets no more'} connections of ${listed(condition.services.map(({ name }) => name))}`;
    case 'sorry':
      return `the sorry server alone in the table of ${condition.service.name}`;
  }
}

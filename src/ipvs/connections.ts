import type { Cluster } from '../inventory/cluster.ts';
import { endOf, keyOf } from './desired.ts';
import { endName, serviceName, type TableService } from './table.ts';

/** How a host stands in the table of one director. */
export interface Standing {
  /** Weights that differ from 0, by service. */
  readonly weighted: readonly string[];
  /** Connections in state established, ipvsadm(8) ActiveConn, over all services. */
  readonly active: number;
}

/** How a host stands in a director's table, over all services that it is behind; where the table has no entry, it has no connection. */
export function standingOf(cluster: Cluster, host: string, table: readonly TableService[]): Standing {
  const byName = new Map(table.map((service) => [serviceName(service.key), service]));
  const weighted: string[] = [];
  let active = 0;
  for (const service of cluster.services) {
    for (const server of service.realServers.filter((one) => one.host === host)) {
      const end = endName(endOf(service, server));
      const live = byName.get(serviceName(keyOf(service)))?.servers.find((one) => endName(one) === end);
      if (live === undefined) continue;
      if (live.weight !== 0) weighted.push(service.name);
      active += live.activeConnections;
    }
  }
  return { weighted, active };
}

import { liveTable } from '../../ipvs/live-table.ts';
import { endName, serviceName, type TableService } from '../../ipvs/table.ts';
import type { Run } from '../run.ts';

/** The live tables of directors; undefined: it could not be read. */
export async function readTables(
  run: Run,
  directors: readonly string[],
): Promise<ReadonlyMap<string, readonly TableService[] | undefined>> {
  return new Map(
    await Promise.all(directors.map(async (name) => [name, await liveTable(run.connections.get(name))] as const)),
  );
}

/** How hosts stand in a table. */
export interface AtRest {
  /** Entries that get new connections, `SERVICE → ADDRESS:PORT`. */
  readonly weighted: readonly string[];
  /** Established TCP connections, as far as the director knows. */
  readonly tcp: number;
  /** What goes on of other protocols. */
  readonly others: number;
  /** Services in which nobody else gets new connections. */
  readonly alone: readonly string[];
}

/** Looks for the real servers at some addresses. Pure. */
export function standing(table: readonly TableService[], addresses: ReadonlySet<string>): AtRest {
  const weighted: string[] = [];
  const alone: string[] = [];
  let tcp = 0;
  let other = 0;
  for (const { key, servers } of table) {
    const own = servers.filter(({ address }) => addresses.has(address));
    const working = own.filter(({ weight }) => weight > 0);
    const active = own.reduce((sum, one) => sum + one.activeConnections, 0);
    if (key.protocol === 'TCP') tcp += active;
    else other += active;
    weighted.push(...working.map((one) => `${serviceName(key)} → ${endName(one)}`));
    const others = servers.some(({ address, weight }) => !addresses.has(address) && weight > 0);
    if (working.length > 0 && !others) alone.push(serviceName(key));
  }
  return { weighted, tcp, others: other, alone };
}

import type { Listener } from '../events.ts';
import type { Cluster } from '../inventory/cluster.ts';
import type { Connection } from '../ssh/connection.ts';
import { realTime, type Time } from '../verify/time.ts';
import { standingOf } from './connections.ts';
import { liveTable } from './live-table.ts';

/** How far hosts are drained, over all directors that were asked. */
export interface DrainState {
  /** Weight 0 everywhere, and no active connection left. */
  readonly done: boolean;
  /** `SERVICE on DIRECTOR` where the weight is not 0. */
  readonly weighted: readonly string[];
  /** Active connections to the hosts; a connection that a sync daemon has told of counts on each director. */
  readonly active: number;
  readonly seconds: number;
}

/** Seconds between two looks. */
const pace = 1;

/** Looks at the tables until the hosts have weight 0 and no active connection, for up to `timeout` seconds. */
export async function awaitDrained(
  cluster: Cluster,
  hosts: readonly string[],
  directors: ReadonlyMap<string, Connection>,
  timeout: number,
  listen: Listener,
  signal: AbortSignal,
  time: Time = realTime,
): Promise<DrainState> {
  const start = time.now();
  for (;;) {
    const standings = await Promise.all([...directors.values()].map((director) => look(cluster, hosts, director)));
    const weighted = standings.flatMap((one) => one.weighted);
    const active = standings.reduce((sum, one) => sum + one.active, 0);
    const seconds = time.now() - start;
    const done = weighted.length === 0 && active === 0;
    if (done || seconds >= timeout || signal.aborted) return { done, weighted, active, seconds };
    listen({ type: 'draining', text: `${hosts.join(', ')}: ${active} active connections` });
    await time.sleep(pace, signal);
  }
}

async function look(
  cluster: Cluster,
  hosts: readonly string[],
  director: Connection,
): Promise<{ readonly weighted: readonly string[]; readonly active: number }> {
  const table = await liveTable(director);
  // What cannot be read is not known to be drained.
  if (table === undefined) return { weighted: [`the table of ${director.host}, which could not be read`], active: 0 };
  const standings = hosts.map((host) => standingOf(cluster, host, table));
  return {
    weighted: standings.flatMap(({ weighted }) => weighted.map((service) => `${service} on ${director.host}`)),
    active: standings.reduce((sum, one) => sum + one.active, 0),
  };
}

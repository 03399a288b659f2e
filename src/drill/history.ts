import type { Cluster } from '../inventory/cluster.ts';
import { holds, type Condition, type Snapshot } from './condition.ts';

/** How a director was at a moment; without a snapshot, it could not be watched from then on. */
export interface Look {
  /** Milliseconds of the drill's timeline. */
  readonly at: number;
  readonly director: string;
  readonly snapshot: Snapshot | undefined;
}

/**
 * The first moment, from one on, at which a condition was seen to hold; undefined: it was not. What a director was like is known by
 * its last look at itself; that a frozen one does not look any more changes nothing in what it has. Pure.
 */
export function firstHeld(
  looks: readonly Look[],
  condition: Condition,
  cluster: Pick<Cluster, 'directors'>,
  from: number,
): number | undefined {
  const inOrder = [...looks].sort((a, b) => a.at - b.at);
  const seen = new Map<string, Snapshot>();
  const before = inOrder.filter(({ at }) => at <= from);
  for (const look of before) take(seen, look);
  if (holds(condition, cluster, seen)) return from;
  for (const look of inOrder.slice(before.length)) {
    take(seen, look);
    if (holds(condition, cluster, seen)) return look.at;
  }
  return undefined;
}

function take(seen: Map<string, Snapshot>, { director, snapshot }: Look): void {
  if (snapshot) seen.set(director, snapshot);
  else seen.delete(director);
}

/** Drops looks that say what the one before of the same director said: a timeline needs the changes only. */
export function saysSomethingNew(before: Snapshot | undefined, now: Snapshot): boolean {
  return before === undefined || essence(before) !== essence(now);
}

function essence({ addresses, table }: Snapshot): string {
  const servers = table.map(({ key, servers: all }) => [
    key,
    all.map(({ address, port, weight }) => [address, port, weight]),
  ]);
  return JSON.stringify([[...addresses].sort(), servers]);
}

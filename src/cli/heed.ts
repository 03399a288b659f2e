import type { Cluster } from '../inventory/cluster.ts';
import type { Observation } from '../observe/observe.ts';
import { drainedSaid, seenWith, wantedDrained, withDrained } from '../plan/drained.ts';
import type { DrainedWord } from '../roles/director/drained.ts';
import type { DesiredHost } from '../roles/index.ts';
import { desiredHosts } from './house.ts';

/** What is wished once the directors have said which hosts are drained, and what was seen in the light of it. */
export interface Heeded {
  readonly cluster: Cluster;
  readonly desired: readonly DesiredHost[];
  readonly observations: ReadonlyMap<string, Observation>;
}

/** Takes up what the directors say of drained hosts; without a word of theirs all is as it was given. */
export function heedDrained(
  cluster: Cluster,
  desired: readonly DesiredHost[],
  observations: ReadonlyMap<string, Observation>,
): Heeded {
  const word = wantedDrained(drainedSaid(cluster, observations));
  return word.asOf === 0 && word.names.length === 0
    ? { cluster, desired, observations }
    : wishedWith(cluster, word, desired, observations);
}

/**
 * What is wished with just these hosts drained.
 *
 * @param cluster as the inventory has it, with its weights.
 * @param desired the wishes that the observations were made with.
 */
export function wishedWith(
  cluster: Cluster,
  word: DrainedWord,
  desired: readonly DesiredHost[],
  observations: ReadonlyMap<string, Observation>,
): Heeded {
  const heeded = withDrained(cluster, word);
  const wishes = desiredHosts(
    heeded,
    desired.map(({ host }) => host),
  );
  const seen = new Map(observations);
  for (const [index, now] of wishes.entries()) {
    const [before, observation] = [desired[index], observations.get(now.host.name)];
    if (before && observation) seen.set(now.host.name, seenWith(observation, before, now));
  }
  return { cluster: heeded, desired: wishes, observations: seen };
}

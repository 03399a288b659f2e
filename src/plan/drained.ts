import { checksOf } from '../inventory/check-of.ts';
import type { Cluster, HealthCheck, RealServer, VirtualService } from '../inventory/cluster.ts';
import type { Observation } from '../observe/observe.ts';
import type { FileState } from '../resources/file.ts';
import { ref } from '../resources/resource.ts';
import { drainedPath, newestWord, type DrainedWord } from '../roles/director/drained.ts';
import type { DesiredHost } from '../roles/index.ts';

/** What the directors say of drained hosts: the newest word, in the order of the inventory, without names that it does not have. */
export function drainedSaid(
  cluster: Cluster,
  seen: ReadonlyMap<string, Pick<Observation, 'drained'>>,
): Required<DrainedWord> {
  const { asOf, names, byRun } = newestWord(cluster.directors.map((name) => seen.get(name)?.drained ?? ''));
  const known = (listed: readonly string[]): string[] =>
    cluster.hosts.map(({ name }) => name).filter((name) => listed.includes(name));
  return { asOf, names: known(names), byRun: known(byRun) };
}

/** The word without the hosts that a run drained and could not put back: nobody wants them drained any more. */
export function wantedDrained({ asOf, names, byRun }: Required<DrainedWord>): DrainedWord {
  return { asOf, names: names.filter((name) => !byRun.includes(name)) };
}

/**
 * A word of these hosts that is newer than the last one: it has the time in seconds, so that of two directors that were told without
 * each other the one that was told last is right. One that says the same is no newer.
 *
 * @param now milliseconds, as of Date.now().
 */
export function nextWord(last: DrainedWord, names: readonly string[], now: number): DrainedWord {
  const same = names.length === last.names.length && names.every((name) => last.names.includes(name));
  return same ? last : { names, asOf: Math.max(last.asOf + 1, Math.floor(now / 1000)) };
}

/** The cluster with these hosts drained, and no others: they have weight 0 in every service, and no check gives them another one. */
export function withDrained(cluster: Cluster, { names, asOf }: DrainedWord): Cluster {
  const out = new Set(names);
  const services = cluster.services.map((service) => ({
    ...service,
    realServers: service.realServers.map((server) => (out.has(server.host) ? resting(service, server) : server)),
  }));
  const drained = cluster.hosts.map(({ name }) => name).filter((name) => out.has(name));
  return { ...cluster, drained, drainedAsOf: asOf, services };
}

function resting(service: VirtualService, server: RealServer): RealServer {
  const [first, ...more] = checksOf(service, server);
  return { ...server, weight: 0, checks: [steady(first), ...more.map(steady)] };
}

function steady(check: HealthCheck): HealthCheck {
  const { kind } = check;
  if (kind.type === 'misc') return { ...check, kind: { ...kind, dynamic: false } };
  if (kind.type === 'file') return { ...check, kind: { ...kind, weight: undefined } };
  return check;
}

/**
 * An observation that was made with other wishes, as it would have been made with these: a file sends its content only where that is
 * not the wished one, so that what it has is known either way.
 */
export function seenWith(observation: Observation, before: DesiredHost, now: DesiredHost): Observation {
  const wishes = new Map(before.resources.map((one) => [one.ref, one.resource]));
  const states = new Map(observation.states);
  for (const { ref: name, resource } of now.resources) {
    const wish = wishes.get(name);
    const state = states.get(name) as FileState | undefined;
    if (resource.kind !== 'file' || wish?.kind !== 'file' || wish.content === resource.content) continue;
    if (state?.state !== 'file' || state.content !== undefined) continue;
    const content = name === ref('file', drainedPath) ? observation.drained : wish.content;
    states.set(name, { ...state, content });
  }
  return { ...observation, states };
}

/** A service that would be without enough real servers, once these hosts are drained: why nothing or too little would be left. */
export function shortages(cluster: Cluster, drained: readonly string[]): string[] {
  return withDrained(cluster, { names: drained, asOf: 0 }).services.flatMap(({ name, realServers, quorum }) => {
    const touched = realServers.some(({ host }) => drained.includes(host));
    const weight = realServers.reduce((sum, server) => sum + server.weight, 0);
    if (!touched || weight >= quorum) return [];
    if (weight === 0) return [`${name} would have no real server left`];
    return [`${name} would have a weight of ${weight} left, and its quorum is ${quorum}`];
  });
}

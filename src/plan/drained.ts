import { checksOf } from '../inventory/check-of.ts';
import type { Cluster, HealthCheck, RealServer, VirtualService } from '../inventory/cluster.ts';
import type { Observation } from '../observe/observe.ts';
import type { FileState } from '../resources/file.ts';
import { ref } from '../resources/resource.ts';
import { drainedPath } from '../roles/director/drained.ts';
import type { DesiredHost } from '../roles/index.ts';

/** The hosts that any director says are drained, in the order of the inventory; names that it does not have are left out. */
export function drainedHosts(cluster: Cluster, observations: ReadonlyMap<string, Observation>): string[] {
  const said = cluster.directors.flatMap((name) => (observations.get(name)?.drained ?? '').split('\n'));
  return cluster.hosts.map(({ name }) => name).filter((name) => said.includes(name));
}

/** The cluster with these hosts drained, and no others: they have weight 0 in every service, and no check gives them another one. */
export function withDrained(cluster: Cluster, drained: readonly string[]): Cluster {
  const out = new Set(drained);
  const services = cluster.services.map((service) => ({
    ...service,
    realServers: service.realServers.map((server) => (out.has(server.host) ? resting(service, server) : server)),
  }));
  return { ...cluster, drained: cluster.hosts.map(({ name }) => name).filter((name) => out.has(name)), services };
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
  return withDrained(cluster, drained).services.flatMap(({ name, realServers, quorum }) => {
    const touched = realServers.some(({ host }) => drained.includes(host));
    const weight = realServers.reduce((sum, server) => sum + server.weight, 0);
    if (!touched || weight >= quorum) return [];
    if (weight === 0) return [`${name} would have no real server left`];
    return [`${name} would have a weight of ${weight} left, and its quorum is ${quorum}`];
  });
}

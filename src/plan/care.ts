import type { Cluster } from '../inventory/cluster.ts';
import { movables } from '../keepalived/hand-over.ts';
import { keepalivedState } from '../observe/keepalived.ts';
import type { Observation } from '../observe/observe.ts';
import { keepalivedConfiguration } from '../roles/director.ts';
import type { FileState } from '../resources/file.ts';
import { ref, type Step } from '../resources/resource.ts';
import { leftOf, servicesOf } from './redundancy.ts';

/** What is done around the steps of a host, or why nothing can be. */
export type Care =
  /** A real server gets no new requests, is changed once its connections ended, asked, and put back. */
  | { readonly type: 'drain'; readonly services: readonly string[] }
  /** Nothing would be left of these services: it is changed as it is. */
  | { readonly type: 'interrupts'; readonly services: readonly string[] }
  /** A director hands its VIPs to another one, is changed, and gets back what it is preferred for. */
  | { readonly type: 'switch-over'; readonly vips: readonly string[]; readonly to: string }
  /** The VIPs move because keepalived stops, or there is nobody to take them. */
  | { readonly type: 'loses'; readonly vips: readonly string[]; readonly why: string };

type Seen = ReadonlyMap<string, Pick<Observation, 'states' | 'facts'>>;

/** What has to be done around the steps of a host; undefined: nothing. Pure. */
export function careFor(host: string, steps: readonly Step[], cluster: Cluster, seen: Seen): Care | undefined {
  return careForDirector(host, steps, cluster, seen) ?? careForRealServer(host, steps, cluster, seen);
}

function careForRealServer(host: string, steps: readonly Step[], cluster: Cluster, seen: Seen): Care | undefined {
  const { drain } = cluster.rollout;
  const interrupts = steps.some(({ impact }) => impact === 'interrupt');
  const touches = interrupts || (drain === 'reload' && steps.some(({ impact }) => impact === 'reload'));
  if (!touches || !somebodySends(cluster, seen)) return undefined;
  const concerned = servicesOf(cluster, host);
  if (concerned.length === 0) return undefined;
  const alone = concerned.filter((service) => leftOf(service, new Set([host])) === 'too few');
  const names = (list: typeof concerned): string[] => list.map(({ name }) => name);
  if (drain === 'never' || alone.length > 0) {
    return interrupts ? { type: 'interrupts', services: names(drain === 'never' ? concerned : alone) } : undefined;
  }
  return { type: 'drain', services: names(concerned) };
}

/** A director that was not looked at may well be at work. */
function somebodySends(cluster: Cluster, seen: Seen): boolean {
  return cluster.directors.some((name) => !seen.has(name) || isActive(cluster, name, seen));
}

function isActive(cluster: Cluster, director: string, seen: Seen): boolean {
  return keepalivedState(cluster, director, seen)?.active === 'active';
}

function careForDirector(host: string, steps: readonly Step[], cluster: Cluster, seen: Seen): Care | undefined {
  if (!cluster.directors.includes(host) || !steps.some(({ impact }) => impact === 'interrupt')) return undefined;
  const vips = heldVips(cluster, seen.get(host));
  if (vips.length === 0) return undefined;
  const loses = (why: string): Care => ({ type: 'loses', vips, why });
  const moved = movables(cluster).filter((one) => one.vips.some((vip) => vips.includes(vip)));
  if (moved.length === 0)
    return loses(cluster.directors.length < 2 ? 'there is no other director' : 'rollout.switchOver is off');
  if (!knowsHandOver(host, seen)) return loses('its keepalived cannot hand over before it has this configuration');
  const to = moved[0]?.order.find((name) => name !== host && isActive(cluster, name, seen));
  return to === undefined
    ? loses('on no other director keepalived was seen to run')
    : { type: 'switch-over', vips, to };
}

/** The VIPs that were seen on a director; on `lo` it has those that it serves as a real server. */
export function heldVips({ vrrp }: Cluster, observation: Pick<Observation, 'facts'> | undefined): string[] {
  const all = new Set(vrrp.flatMap(({ vips }) => vips.map(({ address }) => address)));
  const seen = (observation?.facts.addresses ?? []).filter((one) => one.interface !== 'lo' && all.has(one.address));
  return [...new Set(seen.map(({ address }) => address))];
}

/** Whether the configuration that a director has names the files by which it is told. */
function knowsHandOver(host: string, seen: Seen): boolean {
  const state = seen.get(host)?.states.get(ref('file', keepalivedConfiguration)) as FileState | undefined;
  if (state?.state !== 'file') return false;
  return state.content === undefined || (state.content?.includes('/run/lvsctl-away.') ?? false);
}

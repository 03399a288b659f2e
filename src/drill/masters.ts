import type { Cluster, VirtualService, VrrpInstance } from '../inventory/cluster.ts';
import { err, ok, type Result } from '../result.ts';
import { askedFrom } from '../verify/checks/requests.ts';
import { holderOf } from '../verify/scope.ts';
import type { Act, DrillContext, Expectation, Fault, Setup } from './drill.ts';
import { longest, masterDown, preemption, sum, type Bound } from './timers.ts';

/** The director that a drill strikes, and those that have to take its place. */
export interface Masters {
  readonly master: string;
  /** The director of the next priority. */
  readonly backup: string;
  /** The instances whose VIPs it holds. */
  readonly instances: readonly [VrrpInstance, ...VrrpInstance[]];
  readonly vips: readonly string[];
  readonly services: readonly VirtualService[];
}

/** Most services that are asked at a time from one place: each is asked twenty times a second. */
const mostServices = 4;

/** The holder of the first instance's VIPs, and all else that moves with it. */
export function mastersOf({ cluster, observations }: DrillContext): Result<Masters, string> {
  const carrying = cluster.vrrp.filter(({ vips }) => vips.length > 0);
  const holders = new Map(
    carrying.map((instance) => [
      instance.name,
      holderOf({ cluster, observations, nonce: '', answer: () => undefined }, instance.vips[0]?.address ?? ''),
    ]),
  );
  const master = carrying.map(({ name }) => holders.get(name)).find((name) => name !== undefined);
  const [first, ...more] = carrying.filter(({ name }) => master !== undefined && holders.get(name) === master);
  if (master === undefined || first === undefined) return err('no director holds a VIP');
  const [backup] = cluster.directors
    .filter((name) => name !== master)
    .sort((a, b) => (first.priorities[b] ?? 0) - (first.priorities[a] ?? 0));
  if (backup === undefined) return err('there is one director only: nothing would take its place');
  const vips = [first, ...more].flatMap((instance) => instance.vips.map(({ address }) => address));
  const services = oneAVip(asked(cluster).filter(({ vip }) => vips.includes(vip)));
  if (services.length === 0) return err(unasked(`on the VIPs of ${master}`));
  return ok({ master, backup, instances: [first, ...more], vips, services });
}

/** The services that any vantage point of the inventory can ask as a client would. */
export function asked(cluster: Cluster): VirtualService[] {
  const names = new Set(cluster.verify.from.flatMap((where) => askedFrom(cluster, where).map(({ name }) => name)));
  return cluster.services.filter(({ name }) => names.has(name));
}

/** Why there is nothing to measure. */
export function unasked(where: string): string {
  return `no place of verify.from can ask a service ${where} as a client would, so that nothing could be measured`;
}

/** So few that asking them does not become a load by itself. */
export function few(services: readonly VirtualService[]): VirtualService[] {
  return services.slice(0, mostServices);
}

function oneAVip(services: readonly VirtualService[]): VirtualService[] {
  return few(services.filter(({ vip }, index) => services.findIndex((one) => one.vip === vip) === index));
}

/** The longest that a timer of the instances may take. */
export function overAll({ instances: [first, ...more] }: Masters, bound: (instance: VrrpInstance) => Bound): Bound {
  return longest(bound(first), ...more.map(bound));
}

/** What a loss of the master is expected to cost. */
export interface Loss {
  readonly text: string;
  readonly faults: readonly Fault[];
  /** Until another director has the VIPs. */
  readonly takeover: Bound;
  /** Until the old master has them again; undefined: as long as its instances take to preempt. */
  readonly back?: Bound;
  /** What takes time before that, which no timer of the cluster sets: a boot. */
  readonly before?: Bound;
}

/** How the loss of the master goes: another director takes over, and the old one takes the VIPs back, or does not with nopreempt. */
export function loss(context: DrillContext, of: (masters: Masters) => Loss): Result<Setup, string> {
  const found = mastersOf(context);
  if (!found.ok) return found;
  const masters = found.value;
  const { text, faults, takeover, back, before } = of(masters);
  const act: Act = { text, faults, until: undefined };
  const { master, vips, services } = masters;
  const elsewhere = { type: 'held-elsewhere', vips, than: master } as const;
  return ok({
    acts: [act],
    services,
    hold: takeover.seconds + 3,
    expectations: [
      { type: 'state', phase: 'fault', kind: 'takeover', condition: elsewhere, within: takeover },
      ...services.map(({ name }): Expectation => ({ type: 'gap', phase: 'fault', service: name, within: takeover })),
      ...returning(masters, back, before),
    ],
  });
}

/** What is expected when the old master is back: it takes over again unless nopreempt holds, and nobody notices. */
export function returning(masters: Masters, back?: Bound, before?: Bound): Expectation[] {
  const { master, instances, vips, services } = masters;
  const takesOver = instances.every(
    ({ preempt, priorities }) => preempt && Math.max(...Object.values(priorities)) === priorities[master],
  );
  const timers = back ?? (takesOver ? overAll(masters, (one) => preemption(one, master)) : none('nopreempt'));
  const condition = { type: 'held-once', vips, by: takesOver ? master : undefined } as const;
  return [
    {
      type: 'state',
      phase: 'heal',
      kind: 'return',
      condition,
      within: before === undefined ? timers : sum(before, timers),
    },
    ...services.map(({ name }): Expectation => ({
      type: 'gap',
      phase: 'heal',
      service: name,
      within: none('the VIPs move while both directors are there'),
    })),
  ];
}

/** Nothing takes time here. */
export function none(because: string): Bound {
  return { seconds: 0, because };
}

/** Until the director of the next priority notices that the master is silent. */
export function silence(masters: Masters): Bound {
  return overAll(masters, (instance) => masterDown(instance, masters.backup));
}

/** No timer of the cluster says how long a machine takes to boot: so much is waited for it. */
export const bootTime: Bound = { seconds: 120, because: '120 s to boot' };

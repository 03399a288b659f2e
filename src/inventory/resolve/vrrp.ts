import type { ByDirector, Host, Unicast, VirtualAddress, VirtualService, VrrpInstance } from '../cluster.ts';
import { linkTo } from '../address.ts';
import type { Written } from '../schema.ts';
import type { Context } from './context.ts';
import { resolveGarp } from './keepalived.ts';
import { resolveNotify } from './program.ts';
import { resolveSecret } from './secret.ts';
import { resolveTrackers, type TrackerScope } from './trackers.ts';
import { priorityDealer, resolveRoute, resolveRule } from './virtual-routing.ts';
import { type Draft, type DraftAddress, draftsOf } from './vrrp-drafts.ts';

/** The VRRP instances: those written, or by default one for each family and NIC of the services' VIPs. */
export function resolveVrrp(
  written: Written,
  services: readonly VirtualService[],
  directors: readonly Host[],
  scope: TrackerScope,
  context: Context,
): VrrpInstance[] {
  const drafts = draftsOf(written, services, directors, context);
  const taken = new Set(Object.values(written.vrrp ?? {}).map(({ vrid }) => vrid));
  let next = 51;
  const deal = (): number => {
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  };
  const dealPriority = priorityDealer(written);
  return drafts.map((draft) => {
    const { name, key, written: own, family } = draft;
    const path = ['vrrp', key ?? name];
    const vrid = key === name ? (own.vrid ?? deal()) : deal();
    const interfaces = instanceInterfaces(draft, directors, context);
    const advertInterval = own.interval ?? 1;
    // What several instances of one entry share is reported once.
    const quiet = key !== name;
    return {
      name,
      vrid,
      family,
      version: own.version ?? (family === 6 || !Number.isInteger(advertInterval) ? 3 : 2),
      interfaces,
      vips: draft.vips.map((vip) => placed(vip, interfaces, directors)),
      priorities: own.priorities ?? Object.fromEntries(directors.map((host, n) => [host.name, defaultPriority(n)])),
      advertInterval,
      downTimerAdverts: own.downTimerAdverts,
      state: own.state ?? 'BACKUP',
      preempt: own.preempt ?? true,
      preemptDelay: own.preemptDelay ?? 0,
      unicast: own.unicast === true ? unicastOf(interfaces, family, directors) : undefined,
      authPass:
        own.authPass === undefined || (quiet && family === 6)
          ? undefined
          : resolveSecret(own.authPass, [...path, 'authPass'], context),
      accept: own.accept ?? true,
      vmac: own.vmac === undefined || own.vmac === false ? undefined : deviceOf(own.vmac, { vrid, family }, quiet),
      garp: resolveGarp(own.garp),
      trackers: resolveTrackers(own.track, [...path, 'track'], scope, context),
      routes: (own.routes ?? []).map((route, n) => resolveRoute(route, [...path, 'routes', n], context)),
      rules: (own.rules ?? []).map((rule, n) => resolveRule(rule, dealPriority, [...path, 'rules', n], context)),
      notify: resolveNotify(own.notify, [...path, 'notify'], context),
      extra: own.extra ?? [],
    };
  });
}

/** 150, 100, 90, 80, … 10, 9, … 1. */
function defaultPriority(position: number): number {
  if (position === 0) return 150;
  return position <= 10 ? 110 - 10 * position : Math.max(1, 20 - position);
}

/** What is written, else the NIC in the network of the first VIP that a NIC is in the network of, else the service interface. */
function instanceInterfaces(
  { name, key, written, vips }: Draft,
  directors: readonly Host[],
  context: Context,
): ByDirector<string> {
  const wished = written.interface;
  for (const host of key === name && typeof wished === 'object' ? Object.keys(wished) : []) {
    if (directors.some((director) => director.name === host)) continue;
    context.report('vrrp-interface', ['vrrp', name, 'interface', host], `${host} is not a director`, undefined, 'key');
  }
  return byDirector(directors, (host) => {
    const own = typeof wished === 'object' ? wished[host.name] : wished;
    const linked = vips.map(({ address }) => linkTo(host, address)).find((nic) => nic !== undefined);
    return own ?? linked ?? host.interface;
  });
}

function placed(vip: DraftAddress, instance: ByDirector<string>, directors: readonly Host[]): VirtualAddress {
  return {
    address: vip.address,
    prefix: vip.prefix ?? (vip.family === 4 ? 32 : 128),
    interfaces: byDirector(
      directors,
      (host) => vip.interface ?? linkTo(host, vip.address) ?? instance[host.name] ?? host.interface,
    ),
    label: vip.label,
  };
}

/** The first address of each director on the NIC; empty where it has none, which is for a rule to say. */
function unicastOf(interfaces: ByDirector<string>, family: number, directors: readonly Host[]): Unicast {
  return {
    addresses: byDirector(
      directors,
      ({ name, addresses }) =>
        addresses.find((own) => own.interface === interfaces[name] && own.family === family)?.address ?? '',
    ),
  };
}

/** The name of the device of a virtual MAC address; instances that were told apart each get their own. */
function deviceOf(written: true | string, { vrid, family }: Pick<VrrpInstance, 'vrid' | 'family'>, derived: boolean) {
  return written === true || derived ? `vrrp${family === 6 ? '6' : ''}.${vrid}` : written;
}

function byDirector<T>(directors: readonly Host[], value: (host: Host) => T): ByDirector<T> {
  return Object.fromEntries(directors.map((host) => [host.name, value(host)]));
}

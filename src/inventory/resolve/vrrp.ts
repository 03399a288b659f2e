import type { ByDirector, Host, SyncGroup, VirtualAddress, VirtualService, VrrpInstance } from '../cluster.ts';
import { linkTo } from '../address.ts';
import type { Written } from '../schema.ts';
import type { Context } from './context.ts';
import { resolveSecret } from './secret.ts';
import { type Draft, type DraftAddress, draftsOf } from './vrrp-drafts.ts';

/** The VRRP instances: those written, or by default one for each family and NIC of the services' VIPs. */
export function resolveVrrp(
  written: Written,
  services: readonly VirtualService[],
  directors: readonly Host[],
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
  return drafts.map((draft) => {
    const { name, key, written: own, family } = draft;
    const interfaces = instanceInterfaces(draft, directors, context);
    return {
      name,
      vrid: key === name ? (own.vrid ?? deal()) : deal(),
      family,
      interfaces,
      vips: draft.vips.map((vip) => placed(vip, interfaces, directors)),
      priorities: own.priorities ?? Object.fromEntries(directors.map((host, n) => [host.name, defaultPriority(n)])),
      advertInterval: own.interval ?? 1,
      preempt: own.preempt ?? true,
      authPass:
        own.authPass === undefined || key === undefined || (key !== name && family === 6)
          ? undefined
          : resolveSecret(own.authPass, ['vrrp', key, 'authPass'], context),
    };
  });
}

/** The sync groups as they are written. */
export function resolveSyncGroups({ syncGroups = {} }: Written, context: Context): SyncGroup[] {
  return Object.entries(syncGroups).map(([name, group]) => {
    if (!Array.isArray(group)) return { name, instances: group.instances };
    context.link(['syncGroups', name, 'instances'], ['syncGroups', name]);
    return { name, instances: group };
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
  return Object.fromEntries(
    directors.map((host) => {
      const own = typeof wished === 'object' ? wished[host.name] : wished;
      const linked = vips.map(({ address }) => linkTo(host, address)).find((nic) => nic !== undefined);
      return [host.name, own ?? linked ?? host.interface];
    }),
  );
}

function placed(vip: DraftAddress, instance: ByDirector<string>, directors: readonly Host[]): VirtualAddress {
  const interfaces = directors.map((host): [string, string] => [
    host.name,
    vip.interface ?? linkTo(host, vip.address) ?? instance[host.name] ?? host.interface,
  ]);
  return {
    address: vip.address,
    prefix: vip.prefix ?? (vip.family === 4 ? 32 : 128),
    interfaces: Object.fromEntries(interfaces),
    label: vip.label,
  };
}

import { linkTo } from '../inventory/address.ts';
import type { Host, SyncGroup, VirtualAddress, VirtualRoute, VirtualRule, VrrpInstance } from '../inventory/cluster.ts';
import type { RoleContext } from '../roles/role.ts';
import { garpLines } from './global.ts';
import { handOverTrackers } from './hand-over.ts';
import { part } from './part.ts';
import { notifyLines } from './program.ts';
import { trackingLines } from './tracking.ts';

/**
 * Addresses that an advert has room for: their number is one byte, and an IPv6 one must fit into 1500 bytes. keepalived moves
 * what is beyond to virtual_ipaddress_excluded itself, with a warning: seen of 2.2.7 and 2.3.3.
 */
const mostAdvertised = { 4: 255, 6: 89 } as const;

/** A `vrrp_instance` of keepalived.conf(5). */
export function vrrpInstance(context: RoleContext, instance: VrrpInstance): string {
  const { host } = context;
  const vips = instance.vips.map((vip) => ({ ...vip, interface: deviceOf(instance, vip, host.name) }));
  const most = mostAdvertised[instance.family];
  return part(context, 'vrrp-instance', {
    ...instance,
    state: host.name === preferred(instance) ? instance.state : 'BACKUP',
    interface: instance.interfaces[host.name],
    priority: instance.priorities[host.name],
    unicast: unicastOf(instance, host.name),
    authPass: instance.authPass?.reveal(),
    garp: garpLines(context, instance.garp, ''),
    tracking: trackingLines(context, [...instance.trackers, ...handOverTrackers(context.cluster, instance)]),
    vips: vips.slice(0, most),
    excludedVips: vips.slice(most),
    routes: instance.routes.map((route) => routeLine(route, host, instance.interfaces[host.name])),
    rules: instance.rules.map(ruleLine),
    notify: notifyLines(context, instance.notify),
  });
}

/** The VIPs that stand in the adverts of an instance, in the order written. */
export function advertisedVips({ vips, family }: VrrpInstance): string[] {
  return vips.slice(0, mostAdvertised[family]).map(({ address }) => address);
}

/** A `vrrp_sync_group` of keepalived.conf(5). */
export function syncGroup(context: RoleContext, group: SyncGroup): string {
  return part(context, 'sync-group', {
    ...group,
    tracking: trackingLines(context, group.trackers),
    notify: notifyLines(context, group.notify),
  });
}

/** The director of the highest priority; undefined when there are none. */
function preferred({ priorities }: VrrpInstance): string | undefined {
  const [first] = Object.entries(priorities).sort(([, a], [, b]) => b - a);
  return first?.[0];
}

/** The NIC a VIP is put on; undefined: the device with the virtual MAC, which is where keepalived puts it without a word. */
export function deviceOf(instance: VrrpInstance, vip: VirtualAddress, host: string): string | undefined {
  const nic = vip.interfaces[host];
  return instance.vmac !== undefined && nic === instance.interfaces[host] ? undefined : nic;
}

function unicastOf({ unicast }: VrrpInstance, host: string) {
  if (unicast === undefined) return undefined;
  const peers = Object.entries(unicast.addresses).filter(([name]) => name !== host);
  return { source: unicast.addresses[host], peers: peers.map(([, address]) => address) };
}

/** ip-route(8) as keepalived.conf(5) virtual_routes has it; until 2.3.2 keepalived warns of a route without a NIC. */
function routeLine(route: VirtualRoute, host: Host, own: string | undefined): string {
  const { to, via, interface: nic, source, metric, table } = route;
  const device = nic ?? (via === undefined ? undefined : linkTo(host, via)) ?? own;
  const words = { via, dev: device, src: source, metric, table };
  return `${to} ${settingsOf(words)}`;
}

/** ip-rule(8) as keepalived.conf(5) virtual_rules has it; keepalived warns of a rule without a priority. */
function ruleLine({ from, to, interface: nic, mark, table, priority }: VirtualRule): string {
  return settingsOf({ from, to, iif: nic, fwmark: mark, table, priority });
}

/** `WORD VALUE` of each value that there is. */
function settingsOf(words: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(words).filter(([, value]) => value !== undefined);
  return given.map(([word, value]) => `${word} ${String(value)}`).join(' ');
}

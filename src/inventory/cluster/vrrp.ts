import type { Secret } from '../../secret.ts';
import type { Family } from './family.ts';
import type { GarpSettings } from './keepalived.ts';
import type { Program } from './program.ts';
import type { Tracker } from './tracker.ts';

/** A VRRP instance over all directors, keepalived.conf(5) `vrrp_instance`. */
export interface VrrpInstance {
  readonly name: string;
  /** virtual_router_id, 1–255, unique on its network. */
  readonly vrid: number;
  readonly family: Family;
  /** IPv6 needs 3. */
  readonly version: 2 | 3;
  /** The NIC of each director that its adverts go over. */
  readonly interfaces: ByDirector<string>;
  /** VIPs it carries, in the order written. */
  readonly vips: readonly VirtualAddress[];
  /** 1–254 for each director. */
  readonly priorities: ByDirector<number>;
  /** advert_int in seconds; VRRP version 2 takes whole seconds only. */
  readonly advertInterval: number;
  /** Adverts that may be missed before a backup takes over; undefined: 3, as VRRP has it. */
  readonly downTimerAdverts: number | undefined;
  /** State in which the director of the highest priority starts; the others start as BACKUP. */
  readonly state: 'MASTER' | 'BACKUP';
  /** Whether a director of higher priority takes over again when it returns. */
  readonly preempt: boolean;
  /** Seconds that it waits before it does. */
  readonly preemptDelay: number;
  /** Undefined: adverts go to the multicast group. */
  readonly unicast: Unicast | undefined;
  /** PASS authentication: keepalived uses the first eight characters. */
  readonly authPass: Secret | undefined;
  /** Whether a master that does not own the VIPs takes packets for them. Without it, they are there to be routed to only. */
  readonly accept: boolean;
  /** Name of the device with the virtual MAC address (RFC 5798, 7.3) that is made; undefined: the NIC's own MAC is used. */
  readonly vmac: string | undefined;
  readonly garp: GarpSettings;
  readonly trackers: readonly Tracker[];
  readonly routes: readonly VirtualRoute[];
  readonly rules: readonly VirtualRule[];
  readonly notify: Notify;
  /** Further lines of the block, as they are. */
  readonly extra: readonly string[];
}

/** A value for each director, by its name. */
export type ByDirector<T> = Readonly<Record<string, T>>;

/** A VIP as keepalived puts it on a director, keepalived.conf(5) `virtual_ipaddress`. */
export interface VirtualAddress {
  readonly address: string;
  /** Prefix length; 32 or 128 unless said otherwise, so that no route comes with it. */
  readonly prefix: number;
  /** The NIC of each director it is put on: the one in its network, else that of the instance. */
  readonly interfaces: ByDirector<string>;
  /** ip-address(8) label, IPv4 only. */
  readonly label: string | undefined;
}

/** Adverts that go from director to director, keepalived.conf(5) `unicast_peer`. */
export interface Unicast {
  /** The address of each director that it sends from and that the others send to. */
  readonly addresses: ByDirector<string>;
}

/** A route that is there while the instance is master, keepalived.conf(5) `virtual_routes`. */
export interface VirtualRoute {
  /** A network, or `default`. */
  readonly to: string;
  /** Gateway; undefined: the network is on the link. */
  readonly via: string | undefined;
  /** Undefined: as the gateway's network says. */
  readonly interface: string | undefined;
  /** Source address that is preferred, which may be a VIP. */
  readonly source: string | undefined;
  readonly metric: number | undefined;
  /** Routing table, 1–2^32−1. */
  readonly table: number | undefined;
}

/** A rule of policy routing that is there while the instance is master, keepalived.conf(5) `virtual_rules` and ip-rule(8). */
export interface VirtualRule {
  /** Networks or addresses; undefined: any. At least one of both is there. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** NIC that packets come in by; undefined: any. */
  readonly interface: string | undefined;
  /** Firewall mark of the packets, 1–2^32−1; undefined: any. */
  readonly mark: number | undefined;
  /** Routing table that is looked in, 1–2^32−1. */
  readonly table: number;
  /** Place among the rules, lower first, 1–32765. */
  readonly priority: number;
}

/**
 * What is run when the state changes. keepalived.conf(5): `all` gets `INSTANCE` or `GROUP`, the name, the new state and the
 * priority after its own arguments.
 */
export interface Notify {
  readonly all: Program | undefined;
  readonly master: Program | undefined;
  readonly backup: Program | undefined;
  readonly fault: Program | undefined;
  readonly stop: Program | undefined;
  /** User they run as. */
  readonly user: string;
}

/** Instances that change state together, keepalived.conf(5) `vrrp_sync_group`. */
export interface SyncGroup {
  readonly name: string;
  /** Names of instances, two or more. */
  readonly instances: readonly string[];
  readonly trackers: readonly Tracker[];
  readonly notify: Notify;
}

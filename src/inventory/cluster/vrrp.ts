import type { Secret } from '../../secret.ts';
import type { Family } from './family.ts';

/** A VRRP instance over all directors, keepalived.conf(5) `vrrp_instance`. */
export interface VrrpInstance {
  readonly name: string;
  /** virtual_router_id, 1–255, unique on its network. */
  readonly vrid: number;
  readonly family: Family;
  /** The NIC of each director that its adverts go over. */
  readonly interfaces: ByDirector<string>;
  /** VIPs it carries, in the order written. */
  readonly vips: readonly VirtualAddress[];
  /** 1–254 for each director. */
  readonly priorities: ByDirector<number>;
  /** advert_int in seconds; VRRP version 2 takes whole seconds only. */
  readonly advertInterval: number;
  /** Whether a director of higher priority takes over again when it returns. */
  readonly preempt: boolean;
  /** PASS authentication: keepalived uses the first eight characters. */
  readonly authPass: Secret | undefined;
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

/** Instances that change state together, keepalived.conf(5) `vrrp_sync_group`. */
export interface SyncGroup {
  readonly name: string;
  /** Names of instances, two or more. */
  readonly instances: readonly string[];
}

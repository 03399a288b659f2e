import type { Secret } from '../../secret.ts';
import type { Family } from './family.ts';

/** A VRRP instance over all directors, keepalived.conf(5) `vrrp_instance`. */
export interface VrrpInstance {
  readonly name: string;
  /** virtual_router_id, 1–255, unique on its network. */
  readonly vrid: number;
  readonly family: Family;
  /** VIPs it carries, in the order written. */
  readonly vips: readonly string[];
  /** 1–254 for each director. */
  readonly priorities: Readonly<Record<string, number>>;
  /** advert_int in seconds; VRRP version 2 takes whole seconds only. */
  readonly advertInterval: number;
  /** Whether a director of higher priority takes over again when it returns. */
  readonly preempt: boolean;
  /** PASS authentication: keepalived uses the first eight characters. */
  readonly authPass: Secret | undefined;
}

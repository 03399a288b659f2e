/** What holds for keepalived as a whole, keepalived.conf(5) `global_defs`. */
export interface KeepalivedSettings {
  /** The oldest version that a director has, as it is written; undefined: each director's own is asked. */
  readonly version: string | undefined;
  /** User that trackers and checks run as unless they name one. */
  readonly scriptUser: string;
  /** vrrp_startup_delay in seconds; undefined: none. */
  readonly startupDelay: number | undefined;
  readonly garp: GarpSettings;
  /** Command line of keepalived, keepalived(8); undefined: as the host has it. */
  readonly options: readonly string[] | undefined;
  /** Further lines of `global_defs`, as they are. */
  readonly extra: readonly string[];
}

/**
 * Gratuitous ARP, and unsolicited neighbour adverts with IPv6: how the switches learn where a VIP is. What is undefined is as
 * keepalived has it.
 */
export interface GarpSettings {
  /** Seconds after becoming master until a second round; 0: none. */
  readonly delay: number | undefined;
  /** Packets of a round. */
  readonly repeat: number | undefined;
  /** Seconds between repetitions while master; 0: none. */
  readonly refresh: number | undefined;
  /** Packets of a repetition. */
  readonly refreshRepeat: number | undefined;
}

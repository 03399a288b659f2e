/**
 * How the two ends of a BFD session watch each other, keepalived.conf(5) `bfd_instance` and RFC 5880. Times in milliseconds; the slower
 * end decides.
 */
export interface BfdSettings {
  /** The shortest time between packets that this end can take. */
  readonly minRx: number;
  /** The time between packets that this end would like to send at. */
  readonly minTx: number;
  /** The same while the session is down. */
  readonly idleTx: number;
  /** Packets that may be missed before the session is down. */
  readonly multiplier: number;
  /** Whether this end waits until the other one speaks. */
  readonly passive: boolean;
  /** Routers that may be between the ends, 0–255; 255: it is not looked at. */
  readonly maxHops: number;
}

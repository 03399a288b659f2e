import type { Family } from './family.ts';

/** The IPVS forwarding modes, ipvsadm(8) `-g`, `-m` and `-i`. */
export type ForwardingMode = 'DR' | 'NAT' | 'TUN';

/** How a director hands packets to the real servers of a service, and what the real servers need for it. */
export type Forwarding = DirectRouting | Masquerading | Tunnelling;

/** The frame gets the real server's MAC address and nothing else changes: director and real server share a link. */
export interface DirectRouting {
  readonly mode: 'DR';
  /** Where the real servers have the VIP: `lo`, or a dummy device that is made for it. */
  readonly device: string;
}

/** The destination address and port become the real server's; answers must come back through the director. */
export interface Masquerading {
  readonly mode: 'NAT';
  /** The inner VIP by which answers leave the real servers. */
  readonly gateway: string;
  /**
   * `default`: it is the real servers' default gateway. `source`: the gateway of what they send from the service's address
   * alone. Undefined: whichever of the two a real server's other services leave room for.
   */
  readonly route: 'default' | 'source' | undefined;
  /** Whether IPVS tells connection tracking of its flows, for stateful rules on the directors: ipvs-sysctl.rst `conntrack`. */
  readonly conntrack: boolean;
}

/** The packet travels inside another one that is addressed to the real server, which may be anywhere. */
export interface Tunnelling {
  readonly mode: 'TUN';
  readonly tunnel: Tunnel;
  /** IP version of the outer packet, and of the real servers' addresses: that of the VIP, or 4 around an IPv6 one. */
  readonly outer: Family;
  /** Largest packet, in bytes, that gets from the directors to the real servers in one piece. */
  readonly mtu: number;
}

/** The encapsulation, ipvsadm(8) `--tun-type`; gue goes to a UDP port, 1–65535. */
export type Tunnel =
  { readonly type: 'ipip' } | { readonly type: 'gre' } | { readonly type: 'gue'; readonly port: number };

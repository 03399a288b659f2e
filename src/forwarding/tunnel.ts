import type { Family, Tunnel, Tunnelling } from '../inventory/cluster.ts';

/** What a real server needs to take packets out of a tunnel. */
export interface Receiver {
  /** Kernel modules, each after those it needs. */
  readonly modules: readonly string[];
  /** The device that the module brings along and that takes packets from anywhere: it has the VIP. */
  readonly device: string;
  /** UDP port that is opened for gue, ip-fou(8). */
  readonly port: number | undefined;
}

/** Bytes of the outer IP header, RFC 791 and RFC 8200. */
const outerHeader: Readonly<Record<Family, number>> = { 4: 20, 6: 40 };

/** Bytes between the outer and the inner packet: GRE without options (RFC 2784), UDP and the first word of GUE. */
const between: Readonly<Record<Tunnel['type'], number>> = { ipip: 0, gre: 4, gue: 12 };

/** IP and TCP headers without options. */
const segmentHeaders: Readonly<Record<Family, number>> = { 4: 40, 6: 60 };

/** How a real server receives packets of a family that the directors send by a tunnel of the same family, or over IPv4. */
export function receiverOf({ tunnel, outer }: Tunnelling, inner: Family): Receiver {
  const ip = ipDevice(inner, outer);
  switch (tunnel.type) {
    case 'ipip':
      return { ...ip, port: undefined };
    case 'gre':
      return outer === 4
        ? { modules: ['ip_gre'], device: 'gre0', port: undefined }
        : { modules: ['ip6_gre'], device: 'ip6gre0', port: undefined };
    case 'gue':
      // What was in the UDP packet goes on as IP in IP.
      return { ...ip, modules: [...ip.modules, outer === 4 ? 'fou' : 'fou6'], port: tunnel.port };
  }
}

function ipDevice(inner: Family, outer: Family): Pick<Receiver, 'modules' | 'device'> {
  if (outer === 6) return { modules: ['ip6_tunnel'], device: 'ip6tnl0' };
  return inner === 4 ? { modules: ['ipip'], device: 'tunl0' } : { modules: ['sit'], device: 'sit0' };
}

/** Bytes that a tunnel adds to each packet. */
export function overheadOf({ tunnel, outer }: Tunnelling): number {
  return outerHeader[outer] + between[tunnel.type];
}

/** The largest packet that fits into a tunnel in one piece. */
export function innerMtu(forwarding: Tunnelling): number {
  return forwarding.mtu - overheadOf(forwarding);
}

/** The largest TCP segment that a client may send to the VIP so that it fits into the tunnel: 1440 with ipip and 1500. */
export function segmentSize(forwarding: Tunnelling, family: Family): number {
  return innerMtu(forwarding) - segmentHeaders[family];
}

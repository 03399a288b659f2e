import type { Cluster, Family } from '../inventory/cluster.ts';
import { type Receiver, receiverOf, segmentSize } from './tunnel.ts';

/** The end of a tunnel on a real server. */
export interface TunnelEnd extends Receiver {
  readonly family: Family;
  /** Largest TCP segment, in bytes, that fits into the tunnel. */
  readonly segment: number;
}

/** The ends of the tunnels of the services that a host serves, in their order; several may share a device. */
export function tunnelEnds(cluster: Cluster, host: string): TunnelEnd[] {
  return cluster.services.flatMap(({ forwarding, family, realServers }) =>
    forwarding.mode === 'TUN' && realServers.some((server) => server.host === host)
      ? [{ ...receiverOf(forwarding.tunnel, family), family, segment: segmentSize(forwarding, family) }]
      : [],
  );
}

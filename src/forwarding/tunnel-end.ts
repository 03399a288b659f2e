import type { Cluster, Family } from '../inventory/cluster.ts';
import { standsBehind } from '../inventory/stands-behind.ts';
import { type Receiver, receiverOf, segmentSize } from './tunnel.ts';

/** The end of a tunnel on a real server. */
export interface TunnelEnd extends Receiver {
  /** Of what is inside. */
  readonly family: Family;
  readonly outer: Family;
  /** Largest TCP segment, in bytes, that fits into the tunnel. */
  readonly segment: number;
}

/** The ends of the tunnels of the services that a host serves, in their order; several may share a device. */
export function tunnelEnds(cluster: Cluster, host: string): TunnelEnd[] {
  return cluster.services.flatMap((service) => {
    const { forwarding, family } = service;
    if (forwarding.mode !== 'TUN' || !standsBehind(service, host)) return [];
    const segment = segmentSize(forwarding, family);
    return [{ ...receiverOf(forwarding, family), family, outer: forwarding.outer, segment }];
  });
}

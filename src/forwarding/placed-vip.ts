import type { Cluster, Family, VirtualService } from '../inventory/cluster.ts';
import { standsBehind } from '../inventory/stands-behind.ts';
import { receiverOf } from './tunnel.ts';

/** A VIP that a real server has on a device of its own, so that it takes for itself what is sent there. */
export interface PlacedVip {
  readonly address: string;
  readonly family: Family;
  readonly device: string;
}

/** Where the real servers of a service have its VIP; undefined: nowhere, NAT sends them their own address. */
function deviceOf({ forwarding, family }: VirtualService): string | undefined {
  switch (forwarding.mode) {
    case 'DR':
      return forwarding.device;
    case 'TUN':
      return receiverOf(forwarding, family).device;
    case 'NAT':
      return undefined;
  }
}

/** The VIPs that a real server has, each once on a device, in the order of the services. */
export function placedVips(cluster: Cluster, host: string): PlacedVip[] {
  const placed = new Map<string, PlacedVip>();
  for (const service of cluster.services) {
    const device = deviceOf(service);
    if (device === undefined || !standsBehind(service, host)) continue;
    const { vip: address, family } = service;
    placed.set(`${address} ${device}`, { address, family, device });
  }
  return [...placed.values()];
}

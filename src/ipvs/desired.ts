import ipaddr from 'ipaddr.js';
import type { Cluster, ForwardingMode, VirtualService } from '../inventory/cluster.ts';
import type { Forward, ServiceKey, TableServer, TableService } from './table.ts';

/** A real server as it has to stand in the table; how many connections it has is not for the inventory to say. */
export type DesiredServer = Omit<TableServer, 'activeConnections' | 'inactiveConnections'> & { readonly host: string };

/** A virtual service as it has to stand in the table. */
export interface DesiredService extends Omit<TableService, 'servers'> {
  /** Its name in the inventory. */
  readonly name: string;
  readonly servers: readonly DesiredServer[];
}

const forwardOf: Readonly<Record<ForwardingMode, Forward>> = { DR: 'Route' };

/** The table that every director has to have, whether it holds a VIP or not. */
export function desiredTable(cluster: Cluster): DesiredService[] {
  return cluster.services.map((service) => ({
    name: service.name,
    key: keyOf(service),
    scheduler: service.scheduler,
    persistence: service.persistence,
    options: [],
    servers: service.realServers.map(({ host, address, port, weight }) => ({
      host,
      address: shortest(address),
      port,
      weight,
      forward: forwardOf[service.mode],
    })),
  }));
}

/** The key of a service of the inventory in the kernel's table. */
export function keyOf({ protocol, vip, port }: VirtualService): Exclude<ServiceKey, { protocol: 'FWM' }> {
  return { protocol, address: shortest(vip), port };
}

/** An address in the form in which the table's parser gives it. */
export function shortest(address: string): string {
  return ipaddr.parse(address).toString();
}

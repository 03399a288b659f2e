import ipaddr from 'ipaddr.js';
import { checksOf, isDynamic } from '../inventory/check-of.ts';
import type { Cluster, Family, ForwardingMode, RealServer, VirtualService } from '../inventory/cluster.ts';
import { endName, type Forward, type ServiceKey, type TableServer, type TableService } from './table.ts';

/** A real server as it has to stand in the table; how many connections it has is not for the inventory to say. */
export interface DesiredServer extends Omit<TableServer, 'activeConnections' | 'inactiveConnections'> {
  readonly host: string;
  /** Whether its check sets its weight, so that any weight is right. */
  readonly dynamic: boolean;
}

/** A virtual service as it has to stand in the table. */
export interface DesiredService extends Omit<TableService, 'servers'> {
  /** Its name in the inventory. */
  readonly name: string;
  readonly servers: readonly DesiredServer[];
  /** Stands there alone while the quorum is lost, as `ADDRESS:PORT`. */
  readonly sorryServer: string | undefined;
}

const forwardOf: Readonly<Record<ForwardingMode, Forward>> = { DR: 'Route', NAT: 'Masq', TUN: 'Tunnel' };

/** The table that every director has to have, whether it holds a VIP or not. */
export function desiredTable(cluster: Cluster): DesiredService[] {
  return cluster.services.map((service) => ({
    name: service.name,
    key: keyOf(service),
    scheduler: service.scheduler,
    persistence: service.persistence?.timeout,
    options: optionsOf(service),
    sorryServer: service.sorryServer && endName(endOf(service, service.sorryServer)),
    servers: service.realServers.map((server) => ({
      ...endOf(service, server),
      host: server.host,
      weight: server.weight,
      forward: forwardOf[service.forwarding.mode],
      dynamic: checksOf(service, server).some(isDynamic),
    })),
  }));
}

/** The key of a service of the inventory in the kernel's table. */
export function keyOf({ protocol, vip, port, mark, family }: VirtualService): ServiceKey {
  if (mark) return { protocol: 'FWM', mark: mark.number, family };
  return { protocol, address: shortest(vip), port };
}

/** Where the table has a server: a marked service keeps the port that the client asked for, which is written 0. */
export function endOf(
  { mark }: VirtualService,
  { address, port }: Pick<RealServer, 'address' | 'port'>,
): Pick<TableServer, 'address' | 'port'> {
  return { address: shortest(address), port: mark ? 0 : port };
}

/** What `ipvsadm -Ln` says of a service besides scheduler and persistence, in its order. */
function optionsOf({ schedulerFlags, persistence, onePacket, family }: VirtualService): string[] {
  const alone = family === 4 ? 32 : 128;
  return [
    ...(schedulerFlags.length > 0 ? [`(${[...schedulerFlags].sort().join(',')})`] : []),
    ...(persistence && persistence.granularity !== alone ? [`mask ${maskOf(persistence.granularity, family)}`] : []),
    ...(persistence?.engine ? [`pe ${persistence.engine}`] : []),
    ...(onePacket ? ['ops'] : []),
  ];
}

/** A granularity as ipvsadm(8) and keepalived.conf(5) take it: a netmask, or with IPv6 the prefix length. */
export function maskOf(granularity: number, family: Family): string {
  if (family === 6) return String(granularity);
  return ipaddr.IPv4.subnetMaskFromPrefixLength(granularity).toString();
}

/** An address in the form in which the table's parser gives it. */
export function shortest(address: string): string {
  return ipaddr.parse(address).toString();
}

import type { Cluster, Family, Host, HostAddress, Masquerading } from '../inventory/cluster.ts';
import { standsBehind } from '../inventory/stands-behind.ts';

/** How answers of a NAT service leave a real server: by the inner VIP, or they never come to the director. */
export interface ReturnPath {
  readonly family: Family;
  /** The address that the answers come from, with its network and NIC. */
  readonly from: HostAddress;
  /** The inner VIP. */
  readonly gateway: string;
  /**
   * Undefined: it is the default gateway of the whole host. A number: of what is sent from the address alone, in a routing
   * table of that number, ip-rule(8).
   */
  readonly table: number | undefined;
}

/** The first routing table that is used, and the priority of the rules that lead there. */
const firstTable = 5_200;

/** The return paths of a real server, each address once. */
export function returnPaths(cluster: Cluster, host: Host): ReturnPath[] {
  const paths = new Map<string, ReturnPath>();
  for (const { forwarding, realServers, sorryServer } of cluster.services) {
    const server = [...realServers, sorryServer].find((one) => one?.host === host.name);
    if (forwarding.mode !== 'NAT' || server === undefined || paths.has(server.address)) continue;
    const at = host.addresses.findIndex(({ address }) => address === server.address);
    const from = host.addresses[at];
    if (from === undefined) continue;
    const isDefault = (forwarding.route ?? roomFor(cluster, host, from.family)) === 'default';
    const table = isDefault ? undefined : firstTable + at;
    paths.set(from.address, { family: from.family, from, gateway: forwarding.gateway, table });
  }
  return [...paths.values()];
}

/**
 * Whether a host can have an inner VIP as its default gateway. It cannot when there are several, nor when it serves other
 * modes as well: those answers come from a VIP, and a director does not forward what comes from an address of its own.
 */
function roomFor(cluster: Cluster, { name }: Host, family: Family): NonNullable<Masquerading['route']> {
  const served = cluster.services.filter((service) => service.family === family && standsBehind(service, name));
  const gateways = new Set(
    served.map(({ forwarding }) => (forwarding.mode === 'NAT' ? forwarding.gateway : undefined)),
  );
  return gateways.size === 1 ? 'default' : 'source';
}

import { networkOf } from '../../src/inventory/address.ts';
import type { Cluster, HostAddress } from '../../src/inventory/cluster.ts';

/** A table that nobody else uses. */
const table = 99;

/** sh that takes networks away from a host, and gives them back. */
export interface Hiding {
  readonly host: string;
  readonly hide: string;
  readonly show: string;
}

/**
 * The hosts of the universe are in more networks than those of an example: with NAT a real server would answer a client on a
 * link of its own directly. So the routes to IPv4 networks that the example does not give a host are taken out of its main
 * table; what it sends from its address there, as sshd does, still finds its way.
 */
export function hidings(universe: Cluster, example: Cluster): Hiding[] {
  return example.hosts.flatMap(({ name, addresses }) => {
    const all = universe.hosts.find((host) => host.name === name)?.addresses ?? [];
    const named = new Set(addresses.map(({ address }) => address));
    const extra = all.filter(({ address, family }) => family === 4 && !named.has(address));
    if (extra.length === 0) return [];
    return [{ host: name, hide: extra.map(hide).join(' && '), show: extra.map(show).join(' && ') }];
  });
}

function hide(own: HostAddress): string {
  const network = networkOf(own);
  return [
    `ip route add ${network} dev ${own.interface} table ${table}`,
    `ip rule add priority ${table} from ${own.address} lookup ${table}`,
    `ip route del ${network} dev ${own.interface} table main`,
  ].join(' && ');
}

function show(own: HostAddress): string {
  const network = networkOf(own);
  return [
    `ip route add ${network} dev ${own.interface} proto kernel scope link src ${own.address}`,
    `ip rule del priority ${table} from ${own.address} lookup ${table}`,
    `ip route del ${network} dev ${own.interface} table ${table}`,
  ].join(' && ');
}

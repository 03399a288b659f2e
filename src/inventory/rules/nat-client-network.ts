import { type ReturnPath, returnPaths } from '../../forwarding/return-path.ts';
import { inNetwork } from '../address.ts';
import type { Host, VirtualService } from '../cluster.ts';
import { problemAt } from '../problem.ts';
import { hostsByName, type Rule } from './rule.ts';

/** A real server answers who is on a link of its own directly, and not by way of the director. */
export const natClientNetwork: Rule = {
  name: 'nat-client-network',
  why: 'a client in a network of the real servers gets its answer from an address that it never asked, and drops it',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    const paths = new Map(cluster.hosts.map((host) => [host.name, returnPaths(cluster, host)]));
    return cluster.services.flatMap((service) => {
      if (service.forwarding.mode !== 'NAT') return [];
      const { name, vip } = service;
      const networks = service.realServers.flatMap(({ host, address }) =>
        bypassed(
          hosts.get(host),
          paths.get(host)?.find(({ from }) => from.address === address),
        ),
      );
      if (networks.some((network) => inNetwork(vip, network))) {
        const message = `the VIP ${vip} is in a network of the real servers of ${name}: its neighbours cannot be clients`;
        const hint = 'put the real servers into a network of their own, with the inner VIP; or use mode DR';
        return [problemAt(place(['services', name, 'vip']), this.name, message, hint)];
      }
      return cluster.verify.from.flatMap((from, n) => {
        const client = sourceOf(hosts.get(from), service);
        const network = client === undefined ? undefined : networks.find((one) => inNetwork(client, one));
        if (client === undefined || network === undefined) return [];
        const message = `${from} (${client}) is in a network of a real server of ${name}, which would answer it directly`;
        return [problemAt(place(['verify', 'from', n]), this.name, message, 'verify from a host of another network')];
      });
    });
  },
};

/** The networks to which a real server sends directly what it sends from the service's address. */
function bypassed(host: Host | undefined, path: ReturnPath | undefined): Host['addresses'] {
  if (host === undefined || path === undefined) return [];
  return path.table === undefined ? host.addresses : [path.from];
}

/** The address that a host asks a VIP from: the one in its network, else the first of its family. */
function sourceOf(host: Host | undefined, { vip, family }: VirtualService): string | undefined {
  const own = host?.addresses.filter((one) => one.family === family) ?? [];
  return (own.find((one) => inNetwork(vip, one)) ?? own[0])?.address;
}

import { problemAt } from '../problem.ts';
import { type Rule, vipsOf } from './rule.ts';

/** A VIP moves between directors; a host's own address does not. */
export const vipNotHostAddress: Rule = {
  name: 'vip-not-host-address',
  why: "an address that is a VIP and a host's own is on two machines at once",
  check(cluster, place) {
    const owners = new Map(
      cluster.hosts.flatMap(({ name, addresses }) => addresses.map(({ address }) => [address, name] as const)),
    );
    return vipsOf(cluster).flatMap(({ vip, path }) => {
      const owner = owners.get(vip);
      return owner === undefined
        ? []
        : [
            problemAt(
              place(path),
              this.name,
              `the VIP ${vip} is the address of ${owner}`,
              'a VIP needs an address that no host has',
            ),
          ];
    });
  },
};

import { problemAt } from '../problem.ts';
import { nearest } from '../spelling.ts';
import { hostsByName, type Rule } from './rule.ts';

/** keepalived.conf(5) interface: the NIC has to be there, with an address to send adverts from. */
export const vrrpInterface: Rule = {
  name: 'vrrp-interface',
  why: 'an instance on a NIC that a director lacks stays in fault there, and that director takes nothing over',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    return cluster.vrrp.flatMap(({ name, interfaces, vips }) => {
      const used = [
        { path: ['vrrp', name, 'interface'], by: interfaces },
        ...vips.map((vip, n) => ({ path: ['vrrp', name, 'vips', n, 'interface'], by: vip.interfaces })),
      ];
      const reported = new Set<string>();
      return used.flatMap(({ path, by }) =>
        Object.entries(by).flatMap(([director, nic]) => {
          const host = hosts.get(director);
          const nics = new Set([host?.interface ?? '', ...(host?.addresses.map((own) => own.interface) ?? [])]);
          if (host === undefined || nics.has(nic) || reported.has(`${director} ${nic}`)) return [];
          reported.add(`${director} ${nic}`);
          const near = nearest(nic, nics);
          const hint =
            near === undefined
              ? `add it to the interfaces of ${director}: interfaces: { ${nic}: ADDRESS }`
              : `did you mean "${near}"? Otherwise add ${nic} to the interfaces of ${director}`;
          return [problemAt(place(path), this.name, `the director ${director} has no interface ${nic}`, hint)];
        }),
      );
    });
  },
};

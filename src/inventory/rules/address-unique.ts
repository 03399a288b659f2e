import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** Every address of every host, on whatever NIC. */
export const addressUnique: Rule = {
  name: 'address-unique',
  why: 'two hosts with one address answer for each other, at random',
  check(cluster, place) {
    const first = new Map<string, string>();
    return cluster.hosts.flatMap(({ name, addresses }) =>
      addresses.flatMap(({ address }, n) => {
        const other = first.get(address);
        if (other === undefined) first.set(address, name);
        if (other === undefined) return [];
        const message =
          other === name
            ? `${name} has the address ${address} twice`
            : `${name} has the address ${address} of ${other}`;
        return [problemAt(place(['hosts', name, 'addresses', n]), this.name, message)];
      }),
    );
  },
};

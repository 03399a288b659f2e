import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ipvsadm(8) `-f`: a virtual service of its own is its mark and family; routing rules know no family. */
export const markUnique: Rule = {
  name: 'mark-unique',
  why: 'packets of two services with one mark are packets of one service',
  check(cluster, place) {
    const first = new Map<number, string>();
    return cluster.services.flatMap(({ name, mark }) => {
      if (mark === undefined) return [];
      const other = first.get(mark.number);
      if (other === undefined) first.set(mark.number, name);
      if (other === undefined) return [];
      const message = `${name} has the firewall mark ${mark.number} of ${other}`;
      return [problemAt(place(['services', name, 'mark']), this.name, message, 'take it out, and a free one is used')];
    });
  },
};

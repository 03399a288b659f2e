import { problemAt } from '../problem.ts';
import { nearest } from '../spelling.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) vrrp_sync_group: its members are instances, and an instance is a member of one group. */
export const syncGroupMembers: Rule = {
  name: 'sync-group-members',
  why: 'keepalived drops a member that it does not know or that another group has, and the rest no longer moves with it',
  check(cluster, place) {
    const known = new Set(cluster.vrrp.map(({ name }) => name));
    const groupOf = new Map<string, string>();
    return cluster.syncGroups.flatMap(({ name, instances }) =>
      instances.flatMap((instance, n) => {
        const at = place(['syncGroups', name, 'instances', n]);
        if (!known.has(instance)) {
          const near = nearest(instance, known);
          const hint = near === undefined ? `write it under vrrp:` : `did you mean "${near}"?`;
          return [problemAt(at, this.name, `there is no VRRP instance ${instance}`, hint)];
        }
        const other = groupOf.get(instance);
        if (other === undefined) groupOf.set(instance, name);
        if (other === undefined) return [];
        const where = other === name ? 'twice in' : `in the sync group ${other} and in`;
        return [problemAt(at, this.name, `${instance} is ${where} ${name}`, 'an instance belongs to one group')];
      }),
    );
  },
};

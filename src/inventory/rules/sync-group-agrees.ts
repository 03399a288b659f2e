import type { VrrpInstance } from '../cluster.ts';
import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) vrrp_sync_group: members whose priorities favour different directors re-elect for ever. */
export const syncGroupAgrees: Rule = {
  name: 'sync-group-agrees',
  why: 'members that want different masters pull the group to and fro between two directors',
  check(cluster, place) {
    const byName = new Map(cluster.vrrp.map((instance) => [instance.name, instance]));
    return cluster.syncGroups.flatMap(({ name, instances }) => {
      const [first, ...others] = instances.flatMap((member) => byName.get(member) ?? []);
      if (first === undefined) return [];
      return others.flatMap((other) => {
        const [key, what, hint] = difference(first, other) ?? [];
        if (key === undefined) return [];
        const message = `${first.name} and ${other.name} move together in ${name}, but ${what ?? ''}`;
        return [problemAt(place(['vrrp', other.name, key]), this.name, message, hint)];
      });
    });
  },
};

function difference(one: VrrpInstance, other: VrrpInstance): [key: string, what: string, hint: string] | undefined {
  const [order, wanted] = [ranking(other), ranking(one)];
  if (order !== wanted)
    return ['priorities', `prefer the directors in another order: ${wanted}, and ${order}`, 'give them one order'];
  if (one.preempt !== other.preempt) return ['preempt', 'only one of them preempts', 'write the same for both'];
  return undefined;
}

function ranking({ priorities }: VrrpInstance): string {
  const sorted = Object.entries(priorities).sort(([, a], [, b]) => b - a);
  return sorted.map(([director]) => director).join(', ');
}

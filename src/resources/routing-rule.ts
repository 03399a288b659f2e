import type { Family } from '../inventory/cluster.ts';
import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** A rule of policy routing, ip-rule(8): what is sent from an address is routed by a table of its own. */
export interface RoutingRuleResource {
  readonly kind: 'routing-rule';
  readonly family: Family;
  /** The source address, whole. */
  readonly from: string;
  /** Number of the routing table; it is the rule's priority as well. */
  readonly table: number;
}

/** Rules, by one `ip rule` for each family. */
export const routingRule: Kind<RoutingRuleResource, 'present' | 'absent'> = {
  kind: 'routing-rule',
  name: ({ from, table }) => `from ${from} lookup ${table}`,

  probe: (resources) =>
    [...new Set(resources.map(({ family }) => family))].map((family) => `ip -${family} rule show || :`).join('\n'),

  read(output, resources) {
    const rules = new Set(output.split('\n').map((line) => line.trim().split(/\s+/).join(' ')));
    return new Map(
      resources.map((resource) => [
        routingRule.name(resource),
        rules.has(`${resource.table}: ${routingRule.name(resource)}`) ? 'present' : 'absent',
      ]),
    );
  },

  change(resource, observed = 'absent') {
    if (observed === 'present') return [];
    return [
      {
        resource: ref('routing-rule', routingRule.name(resource)),
        action: 'create',
        summary: 'add',
        impact: 'none',
        sh: `ip -${resource.family} rule add ${words(resource)}`,
        undo: `ip -${resource.family} rule del ${words(resource)} 2>/dev/null || :`,
      },
    ];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? 'absent') }),

  remove(resource, observed = 'absent', before = 'absent') {
    if (observed === 'absent' || before === 'present') return [];
    return [
      {
        resource: ref('routing-rule', routingRule.name(resource)),
        action: 'delete',
        summary: 'remove',
        impact: 'interrupt',
        sh: `ip -${resource.family} rule del ${words(resource)} 2>/dev/null || :`,
        undo: `ip -${resource.family} rule add ${words(resource)}`,
      },
    ];
  },
};

function words(resource: RoutingRuleResource): string {
  return ruleWords(resource).map(quote).join(' ');
}

/** The words after `ip rule add`, also for a unit. */
export function ruleWords({ from, table }: RoutingRuleResource): string[] {
  return ['priority', String(table), 'from', from, 'lookup', String(table)];
}

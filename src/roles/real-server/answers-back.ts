import type { ReturnPath } from '../../forwarding/return-path.ts';
import { networkOf } from '../../inventory/address.ts';
import type { Resource } from '../../resources/index.ts';
import { type RouteResource, routeWords } from '../../resources/route.ts';
import { type RoutingRuleResource, ruleWords } from '../../resources/routing-rule.ts';
import type { RoleContext } from '../role.ts';
import { templateFile } from '../settings.ts';

/** What leads the answers of NAT services back to the director that holds the inner VIP, now and after a boot. */
export function answersBack(context: RoleContext, paths: readonly ReturnPath[]): readonly Resource[] {
  if (paths.length === 0) return [];
  const { services } = context.platform;
  const routes = paths.flatMap(routesOf);
  const rules = paths.flatMap(rulesOf);
  const own = services.own('lvsctl-gateway');
  const unit = {
    routes: routes.map((route) => ({ family: route.family, words: routeWords(route).join(' ') })),
    rules: rules.map((rule) => ({ family: rule.family, words: ruleWords(rule).join(' ') })),
  };
  return [
    templateFile(context, own.path, own.template, unit, { mode: own.mode, then: services.reread('start') }),
    ...routes,
    ...rules,
    { kind: 'service', unit: own.unit, reloadOn: [], restartOn: [], configuration: [], listens: [] },
  ];
}

/** In a table of its own the network that the answers leave by is needed as well: the directors' checks come from there. */
function routesOf({ family, from, gateway, table }: ReturnPath): RouteResource[] {
  const path = { kind: 'route', family, table, interface: from.interface } as const;
  const onLink: RouteResource = { ...path, destination: networkOf(from), gateway: undefined };
  return [...(table === undefined ? [] : [onLink]), { ...path, destination: 'default', gateway }];
}

function rulesOf({ family, from, table }: ReturnPath): RoutingRuleResource[] {
  return table === undefined ? [] : [{ kind: 'routing-rule', family, from: from.address, table }];
}

import { readAddress, readIp } from '../address.ts';
import type { VirtualRoute, VirtualRule } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';

type WrittenInstance = NonNullable<Written['vrrp']>[string];
type WrittenRoute = NonNullable<WrittenInstance['routes']>[number];
type WrittenRule = NonNullable<WrittenInstance['rules']>[number];

/** The first priority that is dealt out; those of lvsctl's own rules on real servers are lower. */
const firstPriority = 6_000;

/** A route of an instance. */
export function resolveRoute(
  { to, via, interface: nic, source, metric, table }: WrittenRoute,
  path: Path,
  context: Context,
): VirtualRoute {
  if (to !== 'default') checkAddress(to, [...path, 'to'], context);
  checkAddress(via, [...path, 'via'], context);
  checkAddress(source, [...path, 'source'], context);
  return { to, via, interface: nic, source, metric, table };
}

/** Gives each rule without a priority the next one that no other rule has: the kernel would put it in front of all others. */
export function priorityDealer({ vrrp = {} }: Written): () => number {
  const taken = new Set(Object.values(vrrp).flatMap(({ rules = [] }) => rules.map(({ priority }) => priority)));
  let next = firstPriority;
  return () => {
    while (taken.has(next)) next++;
    return next++;
  };
}

/** A rule of an instance. */
export function resolveRule(
  { from, to, interface: nic, mark, table, priority }: WrittenRule,
  deal: () => number,
  path: Path,
  context: Context,
): VirtualRule {
  checkAddress(from, [...path, 'from'], context);
  checkAddress(to, [...path, 'to'], context);
  if (from === undefined && to === undefined)
    context.report('virtual-rule', path, 'it is not said which packets this rule is for', 'write from: or to:');
  return { from, to, interface: nic, mark, table, priority: priority ?? deal() };
}

/** Reports what is no address, or no network where it has a prefix length. */
function checkAddress(text: string | undefined, path: Path, context: Context): void {
  if (text === undefined) return;
  const read = text.includes('/') ? readAddress(text) : readIp(text);
  if (!read.ok) context.report('address', path, read.error);
}

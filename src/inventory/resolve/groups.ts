import type { HostIndex } from '../pattern.ts';
import type { Written } from '../schema.ts';
import type { Context } from './context.ts';

type Groups = NonNullable<Written['groups']>;

/** The members of every group. Groups may name groups, not in circles; globs in a group mean hosts only. */
export function resolveGroups(
  groups: Groups,
  positions: HostIndex['positions'],
  context: Context,
): Map<string, readonly string[]> {
  const members = new Map<string, readonly string[]>();
  for (const name of inOrder(groups, context)) {
    const path = ['groups', name, 'hosts'];
    const entries = groups[name]?.hosts;
    if (positions.has(name))
      context.report('duplicate', ['groups', name], `"${name}" is the name of a host too`, undefined, 'key');
    members.set(name, []);
    context.knows(positions, named(members, entries ?? []));
    const selected = entries === undefined ? [] : context.select(entries, path);
    members.set(
      name,
      [...new Set(selected)].sort((a, b) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0)),
    );
  }
  return new Map(Object.keys(groups).map((name) => [name, members.get(name) ?? []]));
}

/** Only the groups that the entries name outright, so that a glob does not pull in groups that come to match it. */
function named(groups: ReadonlyMap<string, readonly string[]>, entries: readonly string[]) {
  const names = new Set(entries.map((entry) => entry.replace(/^[!&]/, '')));
  return new Map([...names].flatMap((name) => (groups.has(name) ? [[name, groups.get(name) ?? []] as const] : [])));
}

/** Group names, each after the groups it names; groups in a circle are reported and left out. */
function inOrder(groups: Groups, context: Context): string[] {
  const waiting = new Map<string, Set<string>>();
  const users = new Map<string, string[]>();
  for (const [name, { hosts = [] }] of Object.entries(groups)) {
    const uses = new Set(
      hosts.map((entry) => entry.replace(/^[!&]/, '')).filter((entry) => Object.hasOwn(groups, entry)),
    );
    waiting.set(name, uses);
    for (const used of uses) {
      const known = users.get(used);
      if (known === undefined) users.set(used, [name]);
      else known.push(name);
    }
  }
  const ready = [...waiting].filter(([, uses]) => uses.size === 0).map(([name]) => name);
  for (const name of ready) {
    waiting.delete(name);
    for (const user of users.get(name) ?? []) {
      const uses = waiting.get(user);
      uses?.delete(name);
      if (uses?.size === 0) ready.push(user);
    }
  }
  if (waiting.size > 0) reportCircle(waiting, context);
  return ready;
}

function reportCircle(waiting: ReadonlyMap<string, ReadonlySet<string>>, context: Context): void {
  const seen: string[] = [];
  let [name = ''] = waiting.keys();
  while (!seen.includes(name)) {
    seen.push(name);
    name = [...(waiting.get(name) ?? [])].find((used) => waiting.has(used)) ?? '';
  }
  const circle = [...seen.slice(seen.indexOf(name)), name];
  const shown = circle.length > 8 ? [...circle.slice(0, 7), '…', name] : circle;
  context.report(
    'group-circle',
    ['groups', circle[0] ?? '', 'hosts'],
    `groups contain each other in a circle: ${shown.join(' → ')}`,
  );
}

import { err, ok, type Result } from '../result.ts';
import type { Cluster, Host } from './cluster.ts';
import { expandRanges, hasRange } from './range.ts';
import { nearest } from './spelling.ts';

/** The names a pattern may speak of. */
export interface HostIndex {
  /** Host names in inventory order, each with its position. */
  readonly positions: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** What may still be spent, so that no inventory takes for ever; without it, there is no bound. */
  readonly budget?: Budget;
}

/** How many more host names may be matched, and how many more right spellings looked for. */
export interface Budget {
  names: number;
  hints: number;
}

/** What reading one inventory may spend: hundreds of lists of thousands of hosts. */
export function newBudget(): Budget {
  return { names: 2_000_000, hints: 50 };
}

/** One entry of a list of patterns that selects nothing. */
interface PatternFault {
  /** Index of the entry in the list. */
  readonly entry: number;
  readonly message: string;
  readonly hint?: string;
}

/** What a list of patterns selects, in the order written, and what in it selects nothing. */
export interface Selection {
  readonly names: readonly string[];
  readonly faults: readonly PatternFault[];
}

/**
 * The hosts that a list of patterns selects. A plain entry adds, `!x` takes away and `&x` keeps only, whatever their order;
 * without a plain entry all hosts are the start. An entry is a name, a range, a glob (`*`, `?`), a group or `all`.
 */
export function selectNames(index: HostIndex, entries: readonly string[]): Selection {
  const faults: PatternFault[] = [];
  const chosen = new Set<string>();
  const kept: ReadonlySet<string>[] = [];
  const excluded: ReadonlySet<string>[] = [];
  let plain = 0;
  for (const [entry, written] of entries.entries()) {
    if (index.budget !== undefined && index.budget.names < 0) break;
    const sign = /^[!&]/.exec(written)?.[0];
    const found = matchEntry(index, sign === undefined ? written : written.slice(1));
    if (!found.ok) faults.push({ entry, ...found.error });
    if (sign === undefined) plain++;
    const names = found.ok ? found.value : [];
    if (index.budget !== undefined) index.budget.names -= names.length + costOf(index, written);
    if (sign === '!') excluded.push(new Set(names));
    else if (sign === '&') kept.push(new Set(names));
    else for (const name of names) chosen.add(name);
  }
  const start = plain === 0 ? [...index.positions.keys()] : [...chosen];
  const names = start.filter((name) => kept.every((set) => set.has(name)) && !excluded.some((set) => set.has(name)));
  return { names, faults };
}

function costOf(index: HostIndex, entry: string): number {
  return /[*?]/.test(entry) ? index.positions.size / 4 : 1;
}

/** The hosts that one unsigned entry means, or why it means none. */
function matchEntry(index: HostIndex, entry: string): Result<readonly string[], { message: string; hint?: string }> {
  if (entry === 'all' || entry === '*') return ok([...index.positions.keys()]);
  const expanded = expandRanges(entry);
  if (!expanded.ok) return err({ message: expanded.error });
  if (!hasRange(entry)) return matchOne(index, entry);
  const names: string[] = [];
  for (const one of expanded.value) {
    const found = matchOne(index, one);
    if (!found.ok) return found;
    for (const name of found.value) names.push(name);
  }
  return ok(names);
}

function matchOne(index: HostIndex, entry: string): Result<readonly string[], { message: string; hint?: string }> {
  if (/[*?]/.test(entry)) {
    const names = new Set<string>();
    for (const [group, members] of index.groups)
      if (matchesGlob(entry, group)) for (const name of members) names.add(name);
    for (const name of index.positions.keys()) if (matchesGlob(entry, name)) names.add(name);
    if (names.size > 0) return ok([...names]);
    return err({ message: `no host and no group matches "${entry}"` });
  }
  if (index.positions.has(entry)) return ok([entry]);
  const group = index.groups.get(entry);
  if (group !== undefined) return ok(group);
  const message = `no host and no group is called "${entry}"`;
  if (index.budget !== undefined && index.budget.hints-- <= 0) return err({ message });
  const near = nearest(entry, [...firstOf(index.groups.keys()), ...firstOf(index.positions.keys())]);
  return err(near === undefined ? { message } : { message, hint: `did you mean "${near}"?` });
}

/** Hints are worth only so much time. */
function* firstOf(names: Iterable<string>): Generator<string> {
  let left = 1_000;
  for (const name of names) {
    if (left-- === 0) return;
    yield name;
  }
}

/** Whether a name matches a glob of `*` (any characters) and `?` (one). Linear in practice, never exponential. */
export function matchesGlob(glob: string, name: string): boolean {
  let [g, n, star, mark] = [0, 0, -1, 0];
  while (n < name.length) {
    if (g < glob.length && glob[g] === '*') [star, mark, g] = [g, n, g + 1];
    else if (g < glob.length && (glob[g] === '?' || glob[g] === name[n])) [g, n] = [g + 1, n + 1];
    else if (star >= 0) [g, mark, n] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}

/**
 * The hosts of a pattern for `--limit` and `exec PATTERN`, in inventory order: entries as in the inventory's lists, joined by
 * commas or colons as in Ansible, `web*:!web2`. An error is a sentence for the user.
 */
export function selectHosts(cluster: Cluster, pattern: string): Result<Host[], string> {
  const entries = pattern
    .split(/[,:](?![^[]*\])/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.length === 0) return err('the pattern is empty; "all" selects every host');
  const index: HostIndex = {
    positions: new Map(cluster.hosts.map((host, n) => [host.name, n])),
    groups: new Map(Object.entries(cluster.groups)),
  };
  const { names, faults } = selectNames(index, entries);
  const [fault] = faults;
  if (fault !== undefined) return err(fault.hint === undefined ? fault.message : `${fault.message}; ${fault.hint}`);
  if (names.length === 0) return err(`the pattern "${pattern}" selects no host`);
  const chosen = new Set(names);
  return ok(cluster.hosts.filter((host) => chosen.has(host.name)));
}

import type * as z from 'zod';

/** What is left of an inventory when all that the schema refused is taken out. */
export interface Pruned {
  readonly value: unknown;
  /** Whether only unknown keys were taken out, so that nothing that is meant is missing. */
  readonly complete: boolean;
  /** Whether hosts or groups were taken out, so that references to them lead nowhere through no fault of theirs. */
  readonly hostsGone: boolean;
}

/**
 * Takes out what issues point at: unknown keys; values, or the list or entry around them if one of its items or a required
 * key is at fault. Undefined when nothing would be left to go on with.
 */
export function prune(value: unknown, issues: readonly z.core.$ZodIssue[], before?: Pruned): Pruned | undefined {
  const copy: unknown = structuredClone(value);
  let complete = before?.complete ?? true;
  let hostsGone = before?.hostsGone ?? false;
  for (const issue of issues) {
    const path = issue.path as (string | number)[];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) remove(copy, [...path, key]);
      continue;
    }
    const item = path.findIndex((step) => typeof step === 'number');
    const upTo = item < 0 ? path : path.slice(0, item);
    const gone = holds(copy, upTo) ? upTo : upTo.slice(0, -1);
    if (gone.length === 0 && path[0] === 'cluster') {
      Object.assign(copy as object, { cluster: 'unnamed' });
      continue;
    }
    if (gone.length === 0 || (gone.length === 1 && gone[0] === 'hosts')) return undefined;
    complete = false;
    hostsGone ||= gone[0] === 'hosts' || gone[0] === 'groups';
    remove(copy, gone);
  }
  return { value: copy, complete, hostsGone };
}

function parentOf(value: unknown, path: readonly (string | number)[]): Record<string | number, unknown> | undefined {
  let at = value;
  for (const step of path.slice(0, -1)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>) : undefined;
}

function holds(value: unknown, path: readonly (string | number)[]): boolean {
  const parent = parentOf(value, path);
  const last = path.at(-1);
  return parent !== undefined && last !== undefined && Object.hasOwn(parent, last);
}

function remove(value: unknown, path: readonly (string | number)[]): void {
  const parent = parentOf(value, path);
  const last = path.at(-1);
  if (parent !== undefined && last !== undefined) Reflect.deleteProperty(parent, last);
}

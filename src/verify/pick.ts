import { nearest } from '../inventory/spelling.ts';
import { err, ok, type Result } from '../result.ts';
import type { Check } from './check.ts';
import { checks } from './checks/index.ts';

/** Checks that are run, and those of them whose findings are wanted: some build on what others ask. */
export interface Picked {
  readonly checks: readonly Check[];
  readonly wanted: ReadonlySet<string>;
}

/**
 * Picks checks by their names; of lists that are undefined all, or none. The error names what is no check, and the nearest that is
 * one.
 */
export function pickChecks(
  only: readonly string[] | undefined,
  skip: readonly string[] | undefined,
): Result<Picked, string> {
  const names = checks.map(({ name }) => name);
  for (const name of [...(only ?? []), ...(skip ?? [])]) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    return err(
      `there is no check "${name}"${near === undefined ? `; there are ${names.join(', ')}` : `: is it ${near}?`}`,
    );
  }
  const wanted = new Set(names.filter((name) => (only?.includes(name) ?? true) && skip?.includes(name) !== true));
  if (wanted.size === 0) return err('no check is left');
  const needed = new Set(checks.filter(({ name }) => wanted.has(name)).flatMap(({ needs = [] }) => needs));
  return ok({ checks: checks.filter(({ name }) => wanted.has(name) || needed.has(name)), wanted });
}

import type { Manual } from './check.ts';
import { checks } from './checks/index.ts';
import { reachableManuals } from './reachable.ts';

/** What a person needs to know of everything that a verification may find, in the order in which it is reported. */
export const manuals: readonly Manual[] = [...reachableManuals, ...checks];

/** See {@link manuals}; undefined: there is no such check. */
export function manualOf(name: string): Manual | undefined {
  return manuals.find((one) => one.name === name);
}

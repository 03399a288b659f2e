import { debian } from '../../src/platform/debian.ts';
import type { ChangeContext } from '../../src/resources/resource.ts';

/** A plan in which nothing else changes. */
export const unchanging: ChangeContext = { platform: debian, changed: () => false };

/** A plan that changes the given resources as well. */
export function changing(...refs: readonly string[]): ChangeContext {
  return { platform: debian, changed: (one) => refs.includes(one) };
}

import { removals, stages, type Stage } from '../../src/roles/role.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults/index.ts';
import { next, works, type Shop } from './shop.ts';
import type { Random } from './random.ts';

/** A fault in a stage. */
export interface Case {
  readonly fault: Fault;
  readonly stage: Stage;
}

/** Every stage, in the order of the table. */
export const allStages: readonly Stage[] = [...stages, ...removals];

/** Every combination that proves something. */
export const cases: readonly Case[] = faults.flatMap((fault) =>
  allStages.flatMap((stage) => (fault.without(stage) === undefined ? [{ fault, stage }] : [])),
);

/** How a case is called: `link-cut/base`. */
export function caseName({ fault, stage }: Case): string {
  return `${fault.name}/${stage}`;
}

/**
 * Puts cases in an order that the seed decides, such that most of them find the shop as they need it: what brings something
 * and what takes it away take turns.
 */
export function inOrder(chosen: readonly Case[], random: Random, shop: Shop): Case[] {
  const waiting = random.shuffled(chosen);
  const order: Case[] = [];
  let now = shop;
  while (waiting.length > 0) {
    // Of a part that is there, taking it away is more urgent than changing it once more.
    const urgent = waiting.findIndex(({ stage }) => stage.startsWith('remove-') && next(now, stage) !== undefined);
    const possible = waiting.findIndex(({ stage }) => next(now, stage) !== undefined);
    const [one] = waiting.splice(Math.max(0, urgent >= 0 ? urgent : possible), 1);
    if (one === undefined) break;
    order.push(one);
    now = one.stage === 'remove-packages' ? now : (next(now, one.stage) ?? { ...now, [works[one.stage].part]: 0 });
  }
  return order;
}

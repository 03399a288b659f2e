import type { Departed } from '../plan/departed.ts';

/** Says what to do about hosts that the inventory has lost; nothing where it has not. */
export function departedText(departed: readonly Departed[]): string[] {
  if (departed.length === 0) return [];
  const hosts = departed.map(({ name, address }) => (name === undefined ? address : `${name} (${address})`));
  return [
    `Not in the inventory any more: ${hosts.join(', ')}. What lvsctl put there stays: before this is applied, run "lvsctl teardown --limit HOST" with the inventory that still has it.`,
  ];
}

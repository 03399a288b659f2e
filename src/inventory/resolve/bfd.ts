import type * as z from 'zod';
import { readIp } from '../address.ts';
import type { BfdSettings, ByDirector } from '../cluster.ts';
import type { bfdNeighbor, bfdSettings } from '../schema/bfd.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';

/** The settings of a session; by default the other end counts as lost within a second. */
export function resolveBfd(written: z.infer<typeof bfdSettings>): BfdSettings {
  const { minRx = 300, minTx = 300, idleTx = 1_000, multiplier = 3, passive = false, maxHops = 0 } = written;
  return { minRx, minTx, idleTx, multiplier, passive, maxHops };
}

/** The other end for each director: one address for all, or each its own. What is no address is reported. */
export function resolveNeighbors(
  written: z.infer<typeof bfdNeighbor>['neighbor'],
  path: Path,
  directors: readonly string[],
  context: Context,
): ByDirector<string> {
  const read = (text: string, at: Path): string => {
    const address = readIp(text);
    if (!address.ok) context.report('address', at, address.error);
    return address.ok ? address.value.address : text;
  };
  if (typeof written === 'string') {
    const address = read(written, path);
    return Object.fromEntries(directors.map((name) => [name, address]));
  }
  for (const name of Object.keys(written)) {
    if (directors.includes(name)) continue;
    context.report('tracker', [...path, name], `${name} is not a director`, undefined, 'key');
  }
  const missing = directors.filter((name) => !Object.hasOwn(written, name));
  if (missing.length > 0)
    context.report('tracker', path, `no neighbor is given for ${missing.join(', ')}`, 'write one for each director');
  return Object.fromEntries(Object.entries(written).map(([name, address]) => [name, read(address, [...path, name])]));
}

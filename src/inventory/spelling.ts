/** Names further away than this are not offered as the right spelling. */
const furthest = 3;
/** At most this many names are compared, so that a hint never costs more than the reading. */
const most = 2_000;

/**
 * The number of insertions, deletions, replacements and swaps of neighbours between two texts: Levenshtein's distance, with
 * the commonest slip of all counted once.
 */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      current.push(least);
    }
    [before, above] = [above, current];
  }
  return above[b.length] ?? 0;
}

/** The allowed name nearest to what was written, or undefined when none is near. Case, `-` and `_` do not count. */
export function nearest(written: string, allowed: Iterable<string>): string | undefined {
  const wanted = plain(written);
  if (wanted.length > 80) return undefined;
  const reach = Math.min(furthest, Math.max(1, Math.floor(wanted.length / 2)));
  let best: string | undefined;
  let bestDistance = reach + 1;
  let seen = 0;
  for (const name of allowed) {
    if (++seen > most) break;
    const candidate = plain(name);
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const far = distance(wanted, candidate);
    if (far < bestDistance) [best, bestDistance] = [name, far];
  }
  return best;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

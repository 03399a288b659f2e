import type { Spot } from './tree.ts';

/** Keys whose values are kept out of messages and quoted lines, also when they are misspelt or unknown. */
export const secretKey = /pass|secret|token/i;

/** What stands below such a key and is no secret. */
const open: ReadonlySet<string | number> = new Set(['env', 'file', 'recipients']);

/** The text with every value of a secret key replaced by asterisks of the same length, so that columns still hold. */
export function maskSecrets(text: string, root: Spot | undefined, sound: boolean): string {
  const hidden: [start: number, end: number][] = [];
  const walk = (spot: Spot, secret: boolean): void => {
    if (spot.inside === undefined) {
      if (secret) hidden.push([spot.start, spot.end]);
      if (secret && spot.target !== undefined) hidden.push([spot.target.start, spot.target.end]);
      return;
    }
    for (const [name, inner] of spot.inside) {
      const named = typeof name === 'string' && secretKey.test(name);
      walk(inner, (named || secret) && !open.has(name));
    }
  };
  if (root !== undefined) walk(root, false);
  if (!sound)
    for (const match of text.matchAll(/\w*(?:pass|secret|token)\w*["']?[ \t]*[:=]?[ \t]*(\S[^\n]*)/gi)) {
      hidden.push([match.index + match[0].length - (match[1] ?? '').length, match.index + match[0].length]);
    }
  if (hidden.length === 0) return text;
  hidden.sort((a, b) => a[0] - b[0]);
  const parts: string[] = [];
  let at = 0;
  for (const [start, end] of hidden) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    parts.push(text.slice(at, from), text.slice(from, end).replace(/[^\r\n]/g, '*'));
    at = end;
  }
  return parts.join('') + text.slice(at);
}

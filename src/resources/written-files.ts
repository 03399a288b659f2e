import { quote } from '../ssh/quote.ts';

/** Of files that are not there, the outermost folder on the way that is not there either, or the file itself. */
export type Lacking = Readonly<Record<string, string>>;

/** sh that prints what of these files and their folders is not there. */
export function probeWritten(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  return [
    `for path in ${paths.map(quote).join(' ')}; do`,
    '  missing= folder=$path',
    '  while [ -n "$folder" ] && [ ! -e "$folder" ]; do missing=$folder folder=${folder%/*}; done',
    `  [ -z "$missing" ] || printf 'lacks %s|%s\\n' "$path" "$missing"`,
    'done',
  ];
}

/** Reads what {@link probeWritten} printed. */
export function readLacking(output: string, paths: readonly string[]): Lacking {
  const lines = [...output.matchAll(/^lacks ([^|]+)\|(.+)$/gm)];
  return Object.fromEntries(lines.flatMap(([, path = '', top = '']) => (paths.includes(path) ? [[path, top]] : [])));
}

/** sh that takes away files that were not there before, and the folders that came with them as far as they are empty. */
export function clearWritten(before: Lacking): string[] {
  return Object.entries(before).flatMap(([path, top]) => [
    `rm -f -- ${quote(path)}`,
    `folder=${quote(path)} top=${quote(top)}`,
    'while [ "$folder" != "$top" ] && folder=${folder%/*} && rmdir -- "$folder" 2>/dev/null; do :; done',
  ]);
}

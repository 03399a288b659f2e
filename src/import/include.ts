import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Included } from '../keepalived/lines.ts';

/** More files in one folder than this are no configuration. */
const mostFiles = 1_000;

/**
 * The files that an include means, beside the file that it stands in, in the order of their names; or why there are none.
 * Wildcards hold in the last part of the path.
 */
export function includedFiles(pattern: string, from: string): readonly Included[] | string {
  const path = resolve(dirname(from), pattern);
  try {
    const names = /[*?[]/.test(basename(path)) ? matching(dirname(path), basename(path)) : [basename(path)];
    if (names.length === 0) return 'no file matches';
    if (names.length > mostFiles) return `more than ${mostFiles} files match`;
    return names.map((name) => {
      const file = join(dirname(path), name);
      return { file, text: readFileSync(file, 'utf8') };
    });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
  }
}

/** Names in a folder that match a glob(7) pattern; those with a dot first are hidden from it. */
function matching(folder: string, pattern: string): string[] {
  const source = pattern.replace(/\[!?[^\]]+\]|[*?]|[^*?[]+|\[/g, (part) => {
    // Several stars are one: a pattern must not take for ever.
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1 && part.startsWith('[')) return part.replace('[!', '[^').replaceAll('\\', '\\\\');
    return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  const wanted = new RegExp(`^${source.replace(/(?:\[\^\/\]\*)+/g, '[^/]*')}$`);
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && name.length < 256 && wanted.test(name))
    .sort();
}

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import writeFileAtomic from 'write-file-atomic';
import { BenchFailure } from '../failure.ts';
import { findingsText, summaryText, type Findings } from './text.ts';

const begin = '<!-- bench: begin -->';
const end = '<!-- bench: end -->';

/** Where a full run is written down, each between its two markers. */
const files: readonly { readonly path: string; readonly text: (findings: Findings) => string }[] = [
  { path: fileURLToPath(new URL('../../docs/performance.md', import.meta.url)), text: findingsText },
  { path: fileURLToPath(new URL('../summary.md', import.meta.url)), text: summaryText },
];

/** Writes what was found into the files that show it. */
export async function writeFindings(findings: Findings): Promise<void> {
  for (const { path, text } of files) {
    const written = between(await readFile(path, 'utf8'), text(findings));
    if (written === undefined) throw new BenchFailure(`${path} has no markers ${begin} and ${end}`);
    const style = (await resolveConfig(path)) ?? {};
    await writeFileAtomic(path, await format(written, { ...style, parser: 'markdown' }));
  }
}

/** A page with the text between its markers replaced; undefined when it has none. */
function between(page: string, text: string): string | undefined {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) return undefined;
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import writeFileAtomic from 'write-file-atomic';
import { BenchFailure } from '../failure.ts';
import { findingsText, summaryText, type Findings } from './text.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where a full run is written down, each between its two markers. */
const files: readonly { readonly path: string; readonly text: (findings: Findings) => string }[] = [
  { path: 'docs/performance.md', text: findingsText },
  { path: 'bench/summary.md', text: summaryText },
];

/** Writes what was found into the files that show it. */
export async function writeFindings(findings: Findings): Promise<void> {
  for (const { path, text } of files) await writeBetween(path, 'bench', text(findings));
}

/** Writes a text into a page of the project, between its two markers of that name. Throws BenchFailure when it has none. */
export async function writeBetween(file: string, name: string, text: string): Promise<void> {
  const path = join(root, file);
  const page = await readFile(path, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new BenchFailure(`${file} has no markers ${begin} and ${end}`);
  const written = `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
  const style = (await resolveConfig(path)) ?? {};
  await writeFileAtomic(path, await format(written, { ...style, parser: 'markdown' }));
}

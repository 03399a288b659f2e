import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import writeFileAtomic from 'write-file-atomic';
import { BenchFailure } from '../failure.ts';
import { findingsText, summaryText, type Findings } from './text.ts';

const performancePage = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** Where a full run is written down, each between its two markers. */
const files: readonly { readonly path: string; readonly text: (findings: Findings) => string }[] = [
  { path: performancePage, text: findingsText },
  { path: fileURLToPath(new URL('../summary.md', import.meta.url)), text: summaryText },
];

/** Writes what was found into the files that show it. */
export async function writeFindings(findings: Findings): Promise<void> {
  for (const { path, text } of files) await write(path, 'bench', text(findings));
}

/** Writes what a part of the bench found into docs/performance.md, between the markers of that name. */
export async function writeBetween(name: string, text: string): Promise<void> {
  await write(performancePage, name, text);
}

async function write(path: string, name: string, text: string): Promise<void> {
  const page = await readFile(path, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new BenchFailure(`${path} has no markers ${begin} and ${end}`);
  const written = `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
  const style = (await resolveConfig(path)) ?? {};
  await writeFileAtomic(path, await format(written, { ...style, parser: 'markdown' }));
}

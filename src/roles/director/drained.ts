import type { Cluster } from '../../inventory/cluster.ts';
import type { FileResource } from '../../resources/file.ts';

/**
 * Where a director says which hosts are drained: a line `as of N`, and a name a line. It is the directors that know it, and not the
 * machine of an operator: whoever plans next, from whatever machine, finds it there. Once a host was drained the file stays, empty of
 * names when none is, so that a director that was away then cannot say otherwise later.
 */
export const drainedPath = '/var/lib/lvsctl/drained';

/** What is said of drained hosts. */
export interface DrainedWord {
  readonly names: readonly string[];
  /** Those of them that only a run drained, for as long as it changes them: see apply/rolling. */
  readonly byRun?: readonly string[];
  /** The word with the greatest number counts; 0: nothing was ever drained. */
  readonly asOf: number;
}

/** The file at {@link drainedPath}, or its absence. */
export function drainedFile({ drained, drainedAsOf }: Cluster): FileResource {
  const silent = drained.length === 0 && drainedAsOf === 0;
  const content = silent ? undefined : drainedText({ names: drained, asOf: drainedAsOf });
  return { kind: 'file', path: drainedPath, content, mode: '0644', owner: 'root', group: 'root' };
}

/** The text of the file at {@link drainedPath}. */
export function drainedText({ names, byRun = [], asOf }: DrainedWord): string {
  const lines = [`as of ${asOf}`, ...names, ...byRun.map((name) => `by run ${name}`)];
  return lines.map((line) => `${line}\n`).join('');
}

/** The newest of the words of several directors, as their files have them; of equally new ones, all names. */
export function newestWord(texts: readonly string[]): Required<DrainedWord> {
  const words = texts.map(readWord);
  const asOf = Math.max(0, ...words.map((word) => word.asOf));
  const newest = words.filter((word) => word.asOf === asOf);
  return { asOf, names: newest.flatMap(({ names }) => names), byRun: newest.flatMap(({ byRun }) => byRun) };
}

function readWord(text: string): Required<DrainedWord> {
  const asOf = Number(/^as of (\d{1,12})$/m.exec(text)?.[1] ?? 0);
  const lines = text.split('\n').filter((line) => line !== '');
  const byRun = lines.flatMap((line) => /^by run (\S+)$/.exec(line)?.[1] ?? []);
  return { asOf, names: lines.filter((line) => !line.includes(' ')), byRun };
}

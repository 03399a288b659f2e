import { err, ok } from '../../src/result.ts';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { formatProblem, type Problem } from '../../src/inventory/problem.ts';
import { readCluster } from '../../src/inventory/read.ts';
import type { Answered } from '../../src/secrets/asked.ts';

/** What the tests let an inventory see of the machine. */
export interface Machine {
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
  readonly folders?: readonly string[];
  readonly answered?: Answered;
}

/** Reads an inventory that stands at /inv/lvsctl.yaml. */
export function reading(
  text: string,
  { env = {}, files = {}, folders = [], answered = () => undefined }: Machine = {},
) {
  return readCluster(
    text,
    { file: '/inv/lvsctl.yaml', digest: 'd', shown: 'lvsctl.yaml' },
    {
      env,
      readFile: (path) => (files[path] === undefined ? err('there is no such file') : ok(files[path])),
      isFolder: (path) => folders.includes(path),
      answered,
    },
  );
}

/** The cluster of a sound inventory. */
export function cluster(text: string, machine?: Machine): Cluster {
  const read = reading(text, machine);
  if (!read.ok) throw new Error(read.error.map((problem) => formatProblem(problem)).join('\n'));
  return read.value;
}

/** The problems of an inventory; none for a sound one. */
export function problems(text: string, machine?: Machine): readonly Problem[] {
  const read = reading(text, machine);
  return read.ok ? [] : read.error;
}

/** Takes the mark « out of a text and says where it was, so that a test shows its place instead of counting. */
export function marked(text: string): { text: string; line: number; column: number } {
  const at = text.indexOf('«');
  if (at < 0) return { text, line: 0, column: 0 };
  const before = text.slice(0, at).split('\n');
  return { text: text.replace('«', ''), line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The small case that most tests vary: everything after `hosts` can be replaced. */
export const base = `cluster: shop
hosts:
  lb[1:2]: { address: 10.77.0.[11:12] }
  web[1:3]: { address: 10.77.0.[13:15] }
  nas1: { address: 10.77.0.16 }
directors: [lb1, lb2]
`;

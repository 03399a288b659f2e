import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openCounted, type Counts, type CountedHosts } from './hosts.ts';

const file = join(import.meta.dirname, 'budgets.json');

/**
 * What lvsctl may cost, in things that can be counted: no machine is too busy for them. `plan` is of a host of each kind on which
 * nothing is to be changed, `apply` of the same with its locks and its proof, `start` of the compiled program's own files. What web1
 * sends has no budget: the mounts of the machine that the test runs on are in it. Nor has what the proof begins, which listens and
 * asks for seconds.
 */
const budgets = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly plan: Readonly<Record<string, Partial<Counts>>>;
  readonly apply: Readonly<Record<string, Partial<Counts>>>;
  readonly start: Readonly<Record<string, Readonly<Record<'files' | 'bytes', number>>>>;
};

/** Below this part of its budget a count has become so small that the budget guards nothing any more. */
const far = 0.7;

/** What is to be said of counts beside their budgets; nothing when all is well. */
function complaints(
  what: string,
  counts: Readonly<Record<string, number>>,
  budget: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(budget).flatMap(([key, most]) => {
    const found = counts[key] ?? Number.NaN;
    if (!(found <= most))
      return [`${what}: ${found} ${key}, and the budget is ${most}: find out what has become dearer`];
    if (found < most * far)
      return [`${what}: only ${found} ${key} of ${most}: lower the budget in test/budget/budgets.json`];
    return [];
  });
}

/** The same of all hosts, each of which must have a budget. */
function beyond(
  counts: ReadonlyMap<string, Counts>,
  budget: Readonly<Record<string, Partial<Counts>>>,
): readonly string[] {
  expect([...counts.keys()]).toEqual(Object.keys(budget));
  return [...counts].flatMap(([host, found]) => complaints(host, { ...found }, { ...budget[host] }));
}

test('a count above its budget is complained of, and one far below it', () => {
  expect(complaints('x', { execs: 1, bytes: 90 }, { execs: 1, bytes: 100 })).toEqual([]);
  expect(complaints('x', { execs: 2, bytes: 60 }, { execs: 1, bytes: 100 })).toEqual([
    'x: 2 execs, and the budget is 1: find out what has become dearer',
    'x: only 60 bytes of 100: lower the budget in test/budget/budgets.json',
  ]);
  expect(complaints('x', {}, { execs: 1 })).toHaveLength(1);
});

describe('where nothing is to be changed', () => {
  let hosts: CountedHosts;
  beforeAll(async () => {
    hosts = await openCounted();
  }, 120_000);
  afterAll(() => hosts.close());

  test('a plan costs each host no more than its budget', { timeout: 120_000 }, async () => {
    const { shown, counts } = await hosts.run('plan', '--exit-code');
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') as string });
    expect(beyond(counts, budgets.plan)).toEqual([]);
  });

  test('an apply costs each host no more than its budget', { timeout: 240_000 }, async () => {
    // Locks are renewed and connections kept alive as long as it takes: that would count the seconds.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { shown, counts } = await hosts.run('apply', '--yes').finally(() => vi.useRealTimers());
    // The proof finds what is missing of the cluster: these hosts have no daemons.
    expect(shown).toMatchObject({ code: 1, stdout: expect.stringMatching(/No changes[^]*Not verified/) as string });
    expect(beyond(counts, budgets.apply)).toEqual([]);
  });
});

describe('the compiled program', () => {
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const example = fileURLToPath(new URL('../../inventories/dr.yaml', import.meta.url));

  test.each<[string, readonly string[]]>([
    ['--version', ['--version']],
    ['check', ['check', '-i', example]],
  ])('%s loads no more files than its budget', (name, args) => {
    if (!existsSync(main)) throw new Error('dist/main.js is missing: npm run build');
    const folder = mkdtempSync(join(tmpdir(), 'lvsctl-budget-'));
    try {
      // What V8 can say of coverage names every file that was loaded.
      execFileSync(process.execPath, [main, ...args], { env: { ...process.env, NODE_V8_COVERAGE: folder } });
      const [report = ''] = readdirSync(folder);
      const { result } = JSON.parse(readFileSync(join(folder, report), 'utf8')) as { result: { url: string }[] };
      const files = result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []));
      const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
      expect(complaints(name, { files: files.length, bytes }, { ...budgets.start[name] })).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

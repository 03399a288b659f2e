import { describe, expect, test } from 'vitest';
import { formatProblem, inFileOrder, type Problem } from '../../src/inventory/problem.ts';
import { distance, nearest } from '../../src/inventory/spelling.ts';

const problem: Problem = { rule: 'schema', file: 'a.yaml', line: 2, column: 5, path: 'x', message: 'wrong' };

describe('formatProblem', () => {
  test('place, line, caret and hint', () => {
    expect(formatProblem({ ...problem, hint: 'one\ntwo' }, 'x:\n  y: 1\n')).toBe(`a.yaml:2:5: wrong [schema]
  2 |   y: 1
    |     ^
  hint: one
        two`);
  });

  test('without a place, and without the text', () => {
    expect(formatProblem({ ...problem, line: 0, column: 0 }, 'x')).toBe('a.yaml: wrong [schema]');
    expect(formatProblem(problem)).toBe('a.yaml:2:5: wrong [schema]');
  });

  test('tabs keep the caret in its column, control characters do not reach the terminal, long lines are cut', () => {
    expect(
      formatProblem({ ...problem, excerpt: '\t\u001b[2Jab', column: 3 })
        .split('\n')
        .slice(1),
    ).toEqual(['  2 | \t\u00b7[2Jab', '    | \t ^']);
    const rows = formatProblem({
      ...problem,
      excerpt: `${'a'.repeat(5_000)}X${'b'.repeat(5_000)}`,
      column: 5_001,
    }).split('\n');
    expect(rows[1]?.length).toBeLessThan(130);
    expect(rows[1]?.[rows[2]?.indexOf('^') ?? 0]).toBe('X');
  });
});

test('problems are in file order', () => {
  const at = (line: number, column: number, message: string): Problem => ({ ...problem, line, column, message });
  expect(
    inFileOrder([at(2, 1, 'c'), at(1, 9, 'b'), at(0, 0, 'a'), at(2, 1, 'd')]).map(({ message }) => message),
  ).toEqual(['a', 'b', 'c', 'd']);
});

describe('spelling', () => {
  test.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['wbe1', 'web1', 1],
    ['same', 'same', 0],
  ])('%s and %s are %d apart', (a, b, far) => {
    expect(distance(a, b)).toBe(far);
    expect(distance(b, a)).toBe(far);
  });

  test.each([
    ['prot', ['port', 'protocol', 'proto'], 'port'],
    ['auth_pass', ['vrid', 'authPass'], 'authPass'],
    ['realservers', ['realServers'], 'realServers'],
    ['zzz', ['port', 'vip'], undefined],
    ['x', ['interface'], undefined],
  ])('%s', (written, allowed, near) => {
    expect(nearest(written, allowed)).toBe(near);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { layout } from '../../src/lab/layout.ts';

const folder = mkdtempSync(join(tmpdir(), 'lvsctl-around-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Whether a process of its own takes itself for one in a lab. */
function isAround(lab: string, ...before: string[]): string {
  const asks = `import { labAround } from ${JSON.stringify(join(import.meta.dirname, '../../src/cli/lab-power.ts'))};
console.log(labAround(process.env) ? 'lab' : 'real')`;
  const argv = [...before, process.execPath, '--import', 'tsx', '--input-type=module', '-e', asks];
  const [program = '', ...words] = argv;
  return execFileSync(program, words, { env: { ...process.env, LVSCTL_LAB: lab }, encoding: 'utf8' }).trim();
}

test('hosts are those of a lab only in its own network: a variable that is left over makes nobody break real ones', () => {
  const { record, namespace } = layout(folder);
  const [other, unmade] = [`${namespace}-other`, join(folder, 'unmade')];
  mkdirSync(folder, { recursive: true });
  writeFileSync(record, JSON.stringify({ version: 2, spec: { hosts: [] } }));
  expect(isAround('')).toBe('real');
  expect(isAround(folder)).toBe('real');
  for (const name of [namespace, other]) execFileSync('ip', ['netns', 'add', name]);
  try {
    expect(isAround(folder)).toBe('real');
    expect(isAround(folder, 'ip', 'netns', 'exec', other)).toBe('real');
    expect(isAround(unmade, 'ip', 'netns', 'exec', namespace)).toBe('real');
    expect(isAround(folder, 'ip', 'netns', 'exec', namespace)).toBe('lab');
  } finally {
    for (const name of [namespace, other]) execFileSync('ip', ['netns', 'del', name]);
  }
});

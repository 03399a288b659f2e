import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('what the bench takes from here can be loaded without a runner of tests', async () => {
  const file = fileURLToPath(new URL('../../bench/scale/recording.ts', import.meta.url));
  const argv = ['--import', 'tsx', '--input-type=module', '-e', `await import(${JSON.stringify(file)})`];
  const { stderr } = await promisify(execFile)(process.execPath, argv);
  expect(stderr).toBe('');
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';
import { failing } from '../support/steps.ts';
import type { DirectoryResource } from '../../src/resources/directory.ts';

const path = '/srv/app/data';
const wish: DirectoryResource = { kind: 'directory', path, mode: '0750' };

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
beforeEach(() => {
  box.must('rm -rf /srv/app; mkdir /srv/app');
});
afterAll(() => box.close());

const cases: readonly [what: string, sh: string, summaries: readonly string[]][] = [
  ['nothing', ':', ['0750']],
  ['no parent either', 'rmdir /srv/app', ['0750']],
  ['another mode', `mkdir ${path}; chmod 0755 ${path}; echo x >${path}/inside`, ['mode 0755 → 0750']],
  ['a sticky one', `mkdir ${path}; chmod 1777 ${path}`, ['mode 1777 → 0750']],
  ['the very folder', `mkdir ${path}; chmod 0750 ${path}; echo x >${path}/inside`, []],
  ['a link to a folder', `mkdir /srv/app/real; chmod 0750 /srv/app/real; ln -s real ${path}`, []],
];

describe.each(shells)('in %s, a folder where there was', (shell) => {
  test.each(cases)('%s', async (_what, sh, summaries) => {
    box.must(sh);
    const before = box.snapshot('/srv/app');
    const steps = await box.steps([wish], shell);
    expect(steps.map((step) => step.summary)).toEqual(summaries);
    expect(box.do([...steps, failing], shell)).toMatchObject({ code: 1, output: '' });
    expect(box.snapshot('/srv/app')).toBe(before);
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect(await box.steps([wish], shell)).toEqual([]);
  });
});

test.each([
  ['a file', `echo precious >${path}`],
  ['a link to nothing', `ln -s nothing ${path}`],
])('%s in the way is left for a person to move, and nothing is said to stay changed', async (_what, sh) => {
  box.must(sh);
  const before = box.snapshot('/srv/app');
  const done = box.do(await box.steps([wish]));
  expect(done.code).toBe(1);
  expect(done.output).toContain(path);
  expect(done.progress).toContainEqual({ type: 'undone', stage: 0, step: 0, code: 0 });
  expect(box.snapshot('/srv/app')).toBe(before);
});

test('a folder that somebody has put something into by then is not taken away', async () => {
  const done = box.do([...(await box.steps([wish])), { ...failing, sh: `echo precious >${path}/data; false` }]);
  expect(done.progress).toContainEqual({ type: 'undone', stage: 0, step: 0, code: 1 });
  expect(box.must(`cat ${path}/data`)).toBe('precious\n');
});

test('without a mode wished, the mode that is there stays', async () => {
  box.must(`mkdir ${path}; chmod 0700 ${path}`);
  expect(await box.steps([{ ...wish, mode: undefined }])).toEqual([]);
});

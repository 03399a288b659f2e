import { expect, test } from 'vitest';
import { notAsBefore } from '../../src/plan/as-it-was.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Step } from '../../src/resources/resource.ts';
import { makeStep } from '../support/steps.ts';

const planOf = (...steps: readonly Step[]): Plan => ({
  cluster: 'shop',
  hosts: ['web1', 'web2'],
  stages: [
    { stage: 'base', batches: [[{ host: 'web1', steps }], [{ host: 'web2', steps: [makeStep('file /other')] }]] },
  ],
});
const file = makeStep('file /a', { diff: '-old\n+new\n' });

test.each<[what: string, before: Plan, after: Plan, differs: string[]]>([
  ['the same is planned again', planOf(file, makeStep('file /b')), planOf(file, makeStep('file /b')), []],
  ['something is planned no more', planOf(file, makeStep('file /b')), planOf(file), ['file /b']],
  ['something more is planned', planOf(file), planOf(file, makeStep('file /b')), ['file /b']],
  ['a diff is another one', planOf(file), planOf({ ...file, diff: '-half\n+new\n' }), ['file /a']],
  ['what cannot be taken back stays', planOf(makeStep('package nginx', { undo: undefined }), file), planOf(file), []],
  [
    'a reload is owed now',
    planOf(file),
    planOf(file, makeStep('service x', { action: 'run', undo: undefined })),
    ['service x'],
  ],
  [
    'only another host changed',
    planOf(file),
    { ...planOf(file), stages: planOf(file).stages.map((one) => ({ ...one, batches: one.batches.slice(0, 1) })) },
    [],
  ],
])('when %s', (_what, before, after, differs) => {
  expect(notAsBefore('web1', before, after)).toEqual(differs);
});

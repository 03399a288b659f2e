import { describe, expect, test } from 'vitest';
import type { ApplyResult } from '../../src/apply/apply.ts';
import type { HostFailure } from '../../src/apply/failure.ts';
import { applyText, failureText, troubleText } from '../../src/report/failures.ts';
import { Secret } from '../../src/secret.ts';
import { plain } from '../../src/ui/style.ts';
import { makeStep } from '../support/steps.ts';

const failure: HostFailure = {
  host: 'web1',
  stage: 'real-servers',
  step: makeStep('file /etc/nginx/conf.d/www.conf', { summary: 'content' }),
  cause: { code: 1 },
  output: ['nginx refuses the configuration', 'line 3'],
  undone: ['file /etc/nginx/conf.d/www.conf'],
  kept: ['package nginx'],
};
const ended: ApplyResult = { done: [], failures: [], skipped: [], brokenOff: undefined, interrupted: false };
const did = (host: string, stage: 'prepare' | 'base' = 'base') => ({ host, stage, step: makeStep('file /a') });

describe('a step that failed', () => {
  test('is told with its last words and how the host was left', () => {
    expect(failureText(failure, plain)).toEqual([
      '✖ web1, stage real-servers: exit code 1',
      '    ~ file /etc/nginx/conf.d/www.conf  content',
      '      nginx refuses the configuration',
      '      line 3',
      '    put back as it was:',
      '      file /etc/nginx/conf.d/www.conf',
      '    stays changed:',
      '      package nginx',
    ]);
  });

  test('is told without lists that are empty', () => {
    const text = failureText({ ...failure, output: [], undone: [], kept: [] }, plain);
    expect(text).toEqual(['✖ web1, stage real-servers: exit code 1', '    ~ file /etc/nginx/conf.d/www.conf  content']);
  });

  test('because the link was lost is told with what to do', () => {
    const cause = {
      reason: 'link-lost',
      host: 'web1',
      detail: 'the connection broke off',
      hint: 'look at it',
    } as const;
    const text = failureText({ ...failure, cause, undone: [] }, plain);
    expect(text[0]).toBe('✖ web1, stage real-servers: the connection broke off');
    expect(text).toContain('    look at it');
    expect(text.slice(-2)).toEqual(['    stays changed:', '      package nginx']);
  });

  test('before it began says that nothing was changed', () => {
    const cause = { reason: 'sudo-refused', host: 'web1', detail: 'sudo wants a password', hint: '' } as const;
    const text = failureText({ ...failure, step: undefined, cause, output: [], undone: [], kept: [] }, plain);
    expect(text[1]).toBe('    the script could not begin: nothing was changed');
  });

  test('before it told anything says no more than is known', () => {
    const cause = { reason: 'link-lost', host: 'web1', detail: 'the link was lost', hint: '' } as const;
    const text = failureText({ ...failure, step: undefined, cause, output: [], undone: [], kept: [] }, plain);
    expect(text[1]).toBe('    how far it got is not known');
  });

  test('shows no secret', () => {
    const secret = new Secret('correct-horse-battery', 'a test').reveal();
    const text = failureText(
      { ...failure, output: [`pass ${secret}`], step: makeStep('file /a', { summary: secret }) },
      plain,
    );
    expect(text.join('\n')).not.toContain(secret);
  });
});

describe('the end of an apply', () => {
  test.each<[what: string, result: ApplyResult, expected: readonly string[]]>([
    [
      'all went well',
      { ...ended, done: [did('web1'), did('web2'), did('web2')] },
      ['', 'Applied. 3 steps done on 2 hosts.'],
    ],
    [
      'one step on one host',
      { ...ended, done: [did('web1', 'prepare'), did('web1')] },
      ['', 'Applied. 1 step done on 1 host.'],
    ],
    [
      'interrupted',
      { ...ended, done: [did('web1')], skipped: ['directors'], interrupted: true },
      ['', 'Interrupted. 1 step done on 1 host.', 'Not begun: directors. Run "lvsctl plan" to see what is left.'],
    ],
    [
      'interrupted in the middle of a stage',
      {
        ...ended,
        brokenOff: { stage: 'directors', hosts: ['lb1', 'lb3'] },
        skipped: ['remove-base'],
        interrupted: true,
      },
      [
        '',
        'Interrupted. 0 steps done on 0 hosts.',
        'Not begun: directors on lb1 and lb3, remove-base. Run "lvsctl plan" to see what is left.',
      ],
    ],
    [
      'stopped because a lock was broken',
      { ...ended, done: [did('web1')], skipped: ['directors'] },
      ['', 'Stopped. 1 step done on 1 host.', 'Not begun: directors. Run "lvsctl plan" to see what is left.'],
    ],
  ])('%s', (_what, result, expected) => {
    expect(applyText(result, plain)).toEqual(expected);
  });

  test('speaks as the command does', () => {
    const words = { done: 'Taken away.', next: 'Run "lvsctl teardown" again.' };
    expect(applyText({ ...ended, done: [did('web1')] }, plain, words)[1]).toBe('Taken away. 1 step done on 1 host.');
    expect(applyText({ ...ended, skipped: ['remove-base'], interrupted: true }, plain, words)[2]).toBe(
      'Not begun: remove-base. Run "lvsctl teardown" again.',
    );
  });

  test('with failures names each host once, after what happened on it', () => {
    const text = applyText(
      { ...ended, failures: [failure, { ...failure, host: 'web2' }, failure], skipped: ['directors'] },
      plain,
    );
    expect(text.filter((line) => line.startsWith('✖'))).toHaveLength(3);
    expect(text.slice(-2)).toEqual([
      'Failed on web1, web2. 0 steps done on 0 hosts.',
      'Not begun: directors. Run "lvsctl plan" to see what is left.',
    ]);
  });
});

test.each([
  ['as it was', [], [], '✔ web1 was looked at again: it is as it was before.'],
  [
    'as it was, with a package that stays',
    [],
    ['package nginx'],
    '✔ web1 was looked at again: it is as it was before, but for what stays changed.',
  ],
  ['not as it was', ['file /x'], [], '✖ web1 is not as it was before: file /x. Run "lvsctl plan" to see it.'],
  [
    'away',
    undefined,
    [],
    '✖ web1 could not be looked at again: how it was left is not known. Run "lvsctl plan" when it answers.',
  ],
])('a host that failed is said to be %s', (_how, differs, kept, expected) => {
  const result = { ...ended, failures: [{ ...failure, host: 'web1', kept }], proofs: [{ host: 'web1', differs }] };
  expect(applyText(result, plain)).toContain(expected);
});

describe('trouble with a host', () => {
  test('is one line and what to do', () => {
    const trouble = { host: 'web1', detail: 'cannot be reached', hint: 'is it on?\n\nor try again' };
    expect(troubleText(trouble, plain)).toEqual(['✖ web1: cannot be reached', '    is it on?', '    or try again']);
  });

  test('is safe to show', () => {
    const secret = new Secret('tr0ub4dor-and-3', 'a test').reveal();
    const text = troubleText({ host: 'web1', detail: `\u001b[2J ${secret}`, hint: `\u0007 ${secret}` }, plain).join(
      '\n',
    );
    expect(text).toBe('✖ web1: \\x1b[2J ********\n    \\x07 ********');
  });
});

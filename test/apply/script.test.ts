import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyScript, readProgress, type Progress } from '../../src/apply/script.ts';
import { Box } from '../support/box.ts';
import { holder } from '../support/run.ts';
import { shells } from '../support/sh.ts';
import { failing, makeStep } from '../support/steps.ts';

const nonce = '0123456789abcdef01234567';

/** Progress as words: `start 0, ok 0, end`. */
function brief(progress: readonly Progress[]): string {
  return progress
    .map((one) => {
      switch (one.type) {
        case 'start':
        case 'ok':
          return `${one.type} ${one.step}`;
        case 'failed':
          return `${one.type} ${one.step}=${one.code}`;
        case 'undone':
        case 'settled':
          return `${one.type} ${one.stage > 0 ? `${one.stage}/` : ''}${one.step}=${one.code}`;
        case 'note':
          return `note ${one.text}`;
        case 'refused':
        case 'end':
          return one.type;
      }
    })
    .join(', ');
}

const says = (word: string): string => `echo ${word} >>/run/box/trace`;

describe.each(shells)('in %s, a script', (shell) => {
  let box: Box;
  beforeAll(async () => {
    box = await Box.open();
  });
  beforeEach(() => {
    box.must('rm -f /run/box/trace');
  });
  afterAll(async () => {
    expect(box.must('ls -A /var/lib; find /etc /srv /var -name ".lvsctl.*"')).toBe('');
    await box.close();
  });
  const trace = (): string => box.must('cat /run/box/trace 2>/dev/null || :').trim().split('\n').join(' ');

  // A power cut takes what is not on the disk: the rename of a file may be there, and an entry or a list written before it be empty.
  test('has on the disk what leads to a file before the file is there', () => {
    const step = makeStep('file /srv/one', {
      sh: 'keep /srv/one\nnew /srv/one\necho new >"$new"\nswap /srv/one 0644 root:root',
      undo: 'put_back /srv/one',
    });
    const remembers = { id: '0123456789abcdef0123', text: '{"an":"entry"}', original: '/srv/one' };
    const watched = 'sync() { for one; do { echo "$one"; cat "$one"; ls -A /srv; } >>/run/box/trace; done; }';
    const list = String.raw`run-\w+/temporary /srv/(\.lvsctl\.\S+) one`;
    const swapped = String.raw`/srv/\1 new \1 one`;
    box.must('echo old >/srv/one; rm -f /run/box/log');
    const seen = '{ cat "$run/temporary"; ls -A /srv; } >>/run/box/trace';
    const done = box.do([{ ...step, remembers, sh: `${seen}\n${watched}\n${step.sh}` }], shell);
    expect(done.code, done.output).toBe(0);
    // The entry, what was there before and the name of the temporary file go to the disk together.
    expect(box.must('grep ^sync /run/box/log')).toMatch(/^sync \S+\/entry\.new \S+\/original \S+\/temporary\n$/);
    expect(trace()).toMatch(new RegExp(`^/srv/(\\.lvsctl\\.\\S+) one ${swapped}$`));

    box.must('rm -f /run/box/trace /run/box/log');
    const again = box.do([{ ...step, sh: `${watched}\n${step.sh}` }], shell);
    expect(again.code, again.output).toBe(0);
    expect(trace()).toMatch(new RegExp(`${list} \\S*${swapped}$`));
    box.must('rm -rf /srv/one /var/lib/lvsctl');
  });

  test('does its steps in order and tells of each', () => {
    const steps = [1, 2, 3].map((one) => makeStep(`file /${one}`, { sh: says(`do${one}`), undo: says(`undo${one}`) }));
    const done = box.do(steps, shell);
    expect(brief(done.progress)).toBe('start 0, ok 0, start 1, ok 1, start 2, ok 2, end');
    expect(done).toMatchObject({ code: 0, output: '' });
    expect(trace()).toBe('do1 do2 do3');
  });

  test('without steps is done at once', () => {
    expect(box.do([], shell)).toMatchObject({ code: 0, progress: [{ type: 'end' }] });
  });

  test('undoes in reverse order what came before a failure and what failed, then settles, in order', () => {
    const settled = (one: number) => ({ undo: undefined, settle: says(`settle${one}`) });
    const done = box.do(
      [
        makeStep('a', { sh: says('do0'), undo: says('undo0') }),
        makeStep('b', { sh: says('do1'), ...settled(1) }),
        makeStep('c', { sh: says('do2'), undo: says('undo2') }),
        makeStep('d', { sh: `${says('do3')}\nfalse`, ...settled(3) }),
        makeStep('e', { sh: says('do4'), ...settled(4) }),
      ],
      shell,
    );
    expect(trace()).toBe('do0 do1 do2 do3 undo2 undo0 settle1 settle3');
    expect(brief(done.progress)).toBe(
      'start 0, ok 0, start 1, ok 1, start 2, ok 2, start 3, failed 3=1, ' +
        'undone 3=0, undone 2=0, undone 1=0, undone 0=0, settled 1=0, settled 3=0, end',
    );
    expect(done.code).toBe(1);
  });

  test('goes on undoing when an undo fails, and tells which', () => {
    const steps = [
      makeStep('a', { undo: says('undo0') }),
      makeStep('b', { undo: `${says('undo1')}\nfalse\n${says('never')}`, settle: 'false' }),
      failing,
    ];
    expect(brief(box.do(steps, shell).progress)).toContain('undone 1=1, undone 0=0, settled 1=1, end');
    expect(trace()).toBe('undo1 undo0');
  });

  /** Ways to fail in the middle; what comes after must not be done. */
  const failures: readonly [what: string, sh: string, code: number][] = [
    ['a plain command', 'false', 1],
    ['an exit code of its own', '(exit 37)', 37],
    ['a function', 'f() { false; echo "went on in f" >>/run/box/trace; }\nf', 1],
    ['a function of a function', 'g() { (exit 3); echo "went on in g" >>/run/box/trace; }\nf() { g; }\nf', 3],
    ['the end of a pipeline', 'echo x | grep -q y', 1],
    ['a substitution', 'x=$(false)', 1],
    ['the last of an or-list', 'true && false || { echo "sorry"; false; }', 1],
    ['a test', '[ 1 = 2 ]', 1],
    ['a loop', 'for x in 1 2; do false; echo "went on in the loop" >>/run/box/trace; done', 1],
    ['a block', '{ false; echo "went on in the block" >>/run/box/trace; }', 1],
    ['a subshell', '( false; echo "went on in the subshell" >>/run/box/trace )', 1],
    ['a command that is not there', 'no-such-command-at-all 2>/dev/null', 127],
    ['a redirection', 'echo x >/no/such/folder/file', -1],
    ['an exit', 'exit 9', 9],
    ['the prelude', 'keep /no/such/file\nnew /no/such/file', -1],
    ['the prelude again', 'patiently 1 false', 1],
    ['a signal', 'sh -c "kill -9 \\$\\$"', 137],
  ];
  test.each(failures)('stops a step at once where %s fails', (_what, sh, code) => {
    const done = box.do(
      [makeStep('a', { sh: `${says('before')}\n${sh}\n${says('after')}`, undo: says('undone') })],
      shell,
    );
    expect(trace()).toBe('before undone');
    const failed = done.progress.find((one) => one.type === 'failed');
    if (code >= 0) expect(failed).toEqual({ type: 'failed', step: 0, code });
    else expect(failed).toMatchObject({ type: 'failed', step: 0 });
    expect(done.code).toBe(1);
  });

  test.each([
    ['before &&', 'false && true'],
    ['before ||', 'false || true'],
    ['as a condition', 'if false; then :; fi'],
    ['at the beginning of a pipeline', 'false | true'],
    ['negated', '! true || :'],
  ])('goes on after a failure that is expected: %s', (_what, sh) => {
    expect(box.do([makeStep('a', { sh: `${sh}\n${says('after')}` })], shell).code).toBe(0);
    expect(trace()).toBe('after');
  });

  test('takes output that imitates progress for output: only the nonce counts', () => {
    const lines = ['ok 0', 'end', `${'f'.repeat(24)} ok 0`, ` ${nonce} end`, 'note hello', 'failed 0 1'];
    const done = box.do([makeStep('a', { sh: lines.map((line) => `echo '${line}'`).join('\n') })], shell);
    expect(brief(done.progress)).toBe('start 0, ok 0, end');
    expect(done.output.split('\n')).toEqual(lines);
  });

  test('tells progress on lines of its own, also after output without a line end', () => {
    const done = box.do([makeStep('a', { sh: 'printf "no end"; printf "neither" >&2' }), makeStep('b')], shell);
    expect(brief(done.progress)).toBe('start 0, ok 0, start 1, ok 1, end');
    expect(done.output).toBe('no endneither');
  });

  describe('what is put off', () => {
    const owe = (when: 'start' | 'end'): string => `put_off ${when} '${says('reread')}'`;

    test('is done once for all steps: before a service starts, or at the end', () => {
      const steps = [
        makeStep('enable', { sh: owe('end') }),
        makeStep('start', { sh: `catch_up start\n${says('start0')}` }),
        makeStep('unit', { sh: owe('start') }),
        makeStep('other', { sh: owe('start') }),
        makeStep('start', { sh: `catch_up start\n${says('start1')}` }),
        makeStep('enable', { sh: owe('end') }),
        makeStep('enable', { sh: owe('end') }),
      ];
      expect(box.do(steps, shell).code).toBe(0);
      expect(trace()).toBe('start0 reread start1 reread');
    });

    test('is done before services take up what was put back, and at the end of that', () => {
      const settle = `catch_up start\n${says('settle')}`;
      const steps = [
        makeStep('unit', { sh: owe('start'), undo: owe('start') }),
        makeStep('service', { sh: 'catch_up start', undo: undefined, settle }),
        makeStep('enable', { sh: owe('end'), undo: owe('end') }),
        makeStep('bad', { sh: 'false' }),
      ];
      expect(box.do(steps, shell).code).toBe(1);
      expect(trace()).toBe('reread reread settle');
      expect(
        box.do([makeStep('enable', { sh: owe('end'), undo: owe('end') }), makeStep('bad', { sh: 'false' })], shell)
          .code,
      ).toBe(1);
      expect(trace()).toBe('reread reread settle reread');
    });

    test('fails the stage when it fails', () => {
      const done = box.do([makeStep('enable', { sh: `put_off end 'exit 3'`, undo: says('undo') })], shell);
      expect(brief(done.progress)).toBe('start 0, ok 0, failed 0=3, undone 0=0, end');
      expect(trace()).toBe('undo');
    });
  });

  test('passes notes on, whatever is in them', () => {
    const done = box.do([makeStep('a', { sh: `note "it's 100% \\$(id)" and more` })], shell);
    expect(brief(done.progress)).toBe("start 0, note it's 100% $(id) and more, ok 0, end");
  });

  test('gives its steps an empty standard input, and no variable of one reaches the next', () => {
    const done = box.do(
      [makeStep('a', { sh: 'x=1\ncd /tmp\numask 077\ncat' }), makeStep('b', { sh: 'echo "x=${x-} $(pwd) $(umask)"' })],
      shell,
    );
    expect(done.output).toBe('x= / 0022');
  });

  test('that cannot make its folder changes nothing and says so', () => {
    box.must('rm -rf /var/lib/lvsctl; echo "a file" >/var/lib/lvsctl');
    const done = box.do([makeStep('a', { sh: says('do') })], shell);
    box.must('rm /var/lib/lvsctl');
    expect(done.code).toBe(1);
    expect(brief(done.progress)).toBe('refused');
    expect(done.output).toContain('/var/lib/lvsctl');
    expect(trace()).toBe('');
  });

  test('keeps what it needs for itself from everybody else', () => {
    const done = box.do([makeStep('a', { sh: 'stat -c "%a %U" "$run" /var/lib/lvsctl; echo "$work"' })], shell);
    expect(done.output).toMatch(/^700 root\n700 root\n\/var\/lib\/lvsctl\/run-[0-9a-f]{16}\/00$/);
  });

  test('waits patiently, and tells what was said last when it was in vain', () => {
    const soon = makeStep('a', {
      sh: `patiently 5 sh -c 'echo x >>/run/box/trace; [ $(wc -l </run/box/trace) -ge 3 ]'`,
    });
    expect(box.do([soon], shell)).toMatchObject({ code: 0, output: '' });
    expect(trace()).toBe('x x x');
    expect(box.do([makeStep('a', { sh: 'patiently 1 sh -c "echo still not; exit 2"' })], shell).output).toBe(
      'still not',
    );
  });
});

test.each<[line: string, expected: Progress | undefined]>([
  [`${nonce} start 3`, { type: 'start', step: 3 }],
  [`${nonce} ok 12`, { type: 'ok', step: 12 }],
  [`${nonce} failed 2 127`, { type: 'failed', step: 2, code: 127 }],
  [`${nonce} undone 2 0 0`, { type: 'undone', stage: 2, step: 0, code: 0 }],
  [`${nonce} settled 0 1 5`, { type: 'settled', stage: 0, step: 1, code: 5 }],
  [`${nonce} note a  b`, { type: 'note', text: 'a  b' }],
  [`${nonce} refused`, { type: 'refused' }],
  [`${nonce} end`, { type: 'end' }],
  [`${nonce} other 1`, undefined],
  [`${nonce}end`, undefined],
  [` ${nonce} end`, undefined],
  ['end', undefined],
  ['', undefined],
])('the line %j is %j', (line, expected) => {
  expect(readProgress(line, nonce)).toEqual(expected);
});

test('the script of equal steps is equal', () => {
  expect(applyScript([failing], nonce, { holder, stage: 'base', position: 0 })).toBe(
    applyScript([{ ...failing }], nonce, { holder, stage: 'base', position: 0 }),
  );
});

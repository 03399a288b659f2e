import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readProgress } from '../../src/apply/script.ts';
import { finishScript, takeBackScript } from '../../src/apply/undo.ts';
import { confirmScript } from '../../src/apply/watchdog.ts';
import { Box } from '../support/box.ts';
import { holder } from '../support/run.ts';
import { shells } from '../support/sh.ts';
import { failing, makeStep } from '../support/steps.ts';

const says = (word: string): string => `echo ${word} >>/run/box/trace`;
const step = (word: string) =>
  makeStep(`file /${word}`, { sh: says(word), undo: says(`un${word}`), settle: says(`settle-${word}`) });
const nonce = 'f00dfacef00dfacef00dface';

describe.each(shells)('in %s, a run of several stages', (shell) => {
  let box: Box;
  beforeAll(async () => {
    box = await Box.open();
  });
  beforeEach(() => {
    box.must('rm -f /run/box/trace');
  });
  afterAll(async () => {
    expect(box.must('ls -A /var/lib')).toBe('');
    await box.close();
  });
  const trace = (): string => box.must('cat /run/box/trace 2>/dev/null || :').trim().split('\n').join(' ');
  const finish = (): void => {
    box.run(finishScript(holder.run), shell);
  };
  /** Waits until something is true on the host. */
  const until = (condition: string): string =>
    box.must(`left=100; until ${condition}; do left=$((left - 1)); [ $left -gt 0 ]; sleep 0.1; done`);
  const fired = `[ -e /var/lib/lvsctl/run-${holder.run}/taken-back ]`;

  test('is undone as a whole when a later stage fails, the newest stage first', () => {
    expect(box.begin([step('a'), step('b')], shell, 0).code).toBe(0);
    expect(box.begin([step('c')], shell, 1).code).toBe(0);
    const last = box.begin([step('d'), failing], shell, 2);
    finish();
    expect(last.code).toBe(1);
    expect(trace()).toBe('a b c d und settle-d unc settle-c unb una settle-a settle-b');
    expect(last.progress.flatMap((one) => (one.type === 'undone' ? [[one.stage, one.step, one.code]] : []))).toEqual([
      [2, 1, 0],
      [2, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });

  test('is undone when the operator asks for it, once', () => {
    box.begin([step('a')], shell, 0);
    box.begin([step('b')], shell, 1);
    const { stdout, code } = box.run(takeBackScript(holder.run, nonce), shell);
    expect(code).toBe(0);
    expect(stdout.split('\n').flatMap((line) => readProgress(line, nonce)?.type ?? [])).toEqual([
      'undone',
      'settled',
      'undone',
      'settled',
      'end',
    ]);
    expect(box.run(takeBackScript(holder.run, nonce), shell).code).toBe(0);
    expect(trace()).toBe('a b unb settle-b una settle-a');
  });

  test('is undone as far as it came where its shell was killed', () => {
    box.begin(
      [step('a'), makeStep('file /b', { sh: `${says('b')}\nkill -9 $$`, undo: says('unb') }), step('c')],
      shell,
      0,
    );
    box.run(takeBackScript(holder.run, nonce), shell);
    expect(trace()).toBe('a b unb una settle-a');
  });

  test('is undone where a step was killed before its new file was in its place', () => {
    box.must('echo old >/srv/x');
    const sh = 'keep /srv/x\nnew /srv/x\nkill -9 $$\nsh -c "kill -9 \\$PPID"';
    box.begin([makeStep('file /srv/x', { sh, undo: 'put_back /srv/x' })], shell, 0);
    expect(box.must('ls -A /srv')).toContain('.lvsctl.');
    expect(box.run(takeBackScript(holder.run, nonce), shell).stdout).toContain(`${nonce} undone 0 0 0\n`);
    expect(box.must('cat /srv/x; ls -A /srv | grep lvsctl || :; rm /srv/x')).toBe('old\n');
  });

  test('leaves a file alone where a step was killed while it was still copying it', () => {
    box.must('echo whole >/srv/x');
    const copies = 'cp() { head -c 2 -- "$3" >"$4"; kill -9 $$; sh -c "kill -9 \\$PPID"; }';
    box.begin([makeStep('file /srv/x', { sh: `${copies}\nkeep /srv/x`, undo: 'put_back /srv/x' })], shell, 0);
    expect(box.run(takeBackScript(holder.run, nonce), shell).stdout).toContain(`${nonce} undone 0 0 0\n`);
    expect(box.must('cat /srv/x; rm /srv/x')).toBe('whole\n');
  });

  test('is taken back by the host itself when nobody confirms it in time', () => {
    expect(box.begin([step('a')], shell, 0).code).toBe(0);
    box.begin([step('b')], shell, 1, 1);
    expect(trace()).toBe('a b');
    until(fired);
    expect(trace()).toBe('a b unb settle-b una settle-a');
    expect(box.run(confirmScript(holder.run, 1), shell).code).not.toBe(0);
    // What the host did by itself is told to whoever asks later.
    const { stdout } = box.run(takeBackScript(holder.run, nonce), shell);
    expect(stdout).toContain(`${nonce} undone 1 0 0\n`);
    expect(trace()).toBe('a b unb settle-b una settle-a');
  });

  test('stays when it is confirmed', () => {
    box.begin([step('a')], shell, 0, 1);
    expect(box.run(confirmScript(holder.run, 0), shell).code).toBe(0);
    expect(box.run(confirmScript(holder.run, 0), shell).code).toBe(0);
    box.must('sleep 2.5');
    expect(trace()).toBe('a');
    finish();
    expect(box.must('ls -A /var/lib')).toBe('');
  });

  test('is recorded on the host: who, what, and how it ended', () => {
    box.must('mkdir -p /var/log; rm -f /var/log/lvsctl.log');
    box.begin([step('a')], shell, 0);
    box.begin([step('b'), failing], shell, 1);
    finish();
    const lines = box.must('cat /var/log/lvsctl.log; stat -c %a /var/log/lvsctl.log').trim().split('\n');
    const whole = (text: string) =>
      expect.stringMatching(new RegExp(`^20\\S+Z run ${holder.run} of ann@laptop, apply: ${text}$`)) as string;
    expect(lines).toEqual([
      whole('begins stage base, 1 step: file /a'),
      whole('has done stage base, 1 step: file /a'),
      whole('begins stage base, 2 steps: file /b, file /nowhere'),
      whole('failed in stage base, 2 steps: file /b, file /nowhere, step 2, and took back what it had changed'),
      '600',
    ]);
  });

  test('that fails by itself leaves nothing to its watchdog', () => {
    box.begin([step('a'), failing], shell, 0, 1);
    box.must('sleep 2.5');
    expect(trace()).toBe('a una settle-a');
    finish();
  });
});

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  beatScript,
  breakScript,
  keepLockScript,
  readHolder,
  readLockWord,
  releaseScript,
  type Holder,
  type LockWord,
} from '../../src/apply/lock.ts';
import { applyScript } from '../../src/apply/script.ts';
import { Box } from '../support/box.ts';
import { holder as ann } from '../support/run.ts';
import { shells } from '../support/sh.ts';
import { makeStep } from '../support/steps.ts';

const nonce = 'f00dfacef00dfacef00dface';
const bob: Holder = { ...ann, run: 'bbbbbbbbbbbbbbbb', by: "bob o'hara@desk", command: 'teardown' };

describe.each(shells)('in %s, a lock', (shell) => {
  let box: Box;
  const keepers: Keeper[] = [];
  beforeAll(async () => {
    box = await Box.open();
  });
  afterEach(async () => {
    for (const keeper of keepers.splice(0)) await keeper.kill();
    box.must('rm -rf /run/lvsctl /var/lib/lvsctl');
  });
  afterAll(async () => {
    await box.close();
  });

  /** The keeper of a lock, as a connection runs it. */
  class Keeper {
    readonly words: LockWord[] = [];
    readonly #child: ChildProcessWithoutNullStreams;
    readonly #ended: Promise<unknown>;

    constructor(holder: Holder, silence?: number) {
      const script = keepLockScript(holder, nonce);
      this.#child = box.start(
        silence === undefined ? script : script.replace(/^silence=.*$/m, `silence=${silence}`),
        shell,
      );
      this.#ended = once(this.#child, 'exit');
      createInterface(this.#child.stdout).on('line', (line) => {
        const word = readLockWord(line, nonce);
        if (word) this.words.push(word);
      });
      keepers.push(this);
    }

    async says(type: LockWord['type']): Promise<LockWord> {
      return await waited(
        () => this.words.find((word) => word.type === type),
        `${type}, heard ${JSON.stringify(this.words)}`,
      );
    }

    /** The operator's side goes away, as sshd sees it. */
    hangUp(): void {
      this.#child.stdout.destroy();
      this.#child.stderr.destroy();
    }

    async ended(): Promise<void> {
      await this.#ended;
    }

    async kill(): Promise<void> {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
      // nsenter has become the shell.
      this.#child.kill('SIGKILL');
      await this.#ended;
    }
  }

  async function waited<T>(ask: () => T | undefined, what: string): Promise<T> {
    for (let left = 150; left > 0; left -= 1) {
      const answer = ask();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`waited in vain for ${what}`);
  }
  const locked = (): boolean => box.run('[ -e /run/lvsctl/lock ]', shell).code === 0;
  const bootAs = (id: string): string =>
    box.must(`mkdir -p /proc/sys/kernel/random; echo ${id} >/proc/sys/kernel/random/boot_id`);
  const freed = (): Promise<true> => waited(() => (locked() ? undefined : true), 'the lock to be given back');

  test('is had by one at a time, and says who has it', async () => {
    await new Keeper(ann).says('locked');
    expect(await new Keeper(bob).says('held')).toEqual({ type: 'held', holder: ann });
    expect(locked()).toBe(true);
  });

  test('goes to one only of many that ask at once', async () => {
    const many = Array.from({ length: 8 }, (_, index) => new Keeper({ ...bob, run: `${index}`.repeat(16) }));
    const first = await Promise.all(many.map((one) => waited(() => one.words[0], 'an answer')));
    expect(first.filter(({ type }) => type === 'locked')).toHaveLength(1);
    expect(first.filter(({ type }) => type === 'held')).toHaveLength(7);
  });

  test('is given back at once when the run is over, and leaves nothing', async () => {
    const keeper = new Keeper(ann);
    await keeper.says('locked');
    box.run(releaseScript(ann), shell);
    expect(locked()).toBe(false);
    await keeper.ended();
    expect(box.must('ls -A /run/lvsctl 2>/dev/null || :')).toBe('');
  });

  test('is not given back by another run', async () => {
    await new Keeper(ann).says('locked');
    box.run(releaseScript(bob), shell);
    expect(locked()).toBe(true);
  });

  test('is given back when the connection ends', async () => {
    const keeper = new Keeper(ann);
    await keeper.says('locked');
    keeper.hangUp();
    await freed();
    await keeper.ended();
  });

  test('is given back when the other side is silent, and kept while it gives signs of life', async () => {
    const silent = new Keeper(ann, 3);
    await silent.says('locked');
    for (let beats = 0; beats < 6; beats += 1) {
      box.run(beatScript(ann.run), shell);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    expect(locked()).toBe(true);
    await freed();
  });

  test('is kept until the stage that runs is over, although its run is gone', async () => {
    const keeper = new Keeper(ann);
    await keeper.says('locked');
    const stage = box.start(
      applyScript([makeStep('a', { sh: 'sleep 5' })], nonce, { holder: ann, stage: 'base', position: 0 }),
      shell,
    );
    await waited(
      () => (box.run(`[ -e /var/lib/lvsctl/run-${ann.run}/00/busy ]`).code === 0 ? true : undefined),
      'the stage',
    );
    keeper.hangUp();
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(locked()).toBe(true);
    if (stage.exitCode === null) await once(stage, 'exit');
    await freed();
  });

  test('of a keeper that was killed is taken over, and that is said', async () => {
    const keeper = new Keeper(ann);
    await keeper.says('locked');
    await keeper.kill();
    expect(locked()).toBe(true);
    const next = new Keeper(bob);
    await next.says('locked');
    expect(next.words[0]).toEqual({ type: 'took-over', holder: ann });
  });

  test('tells what an earlier run left, and takes away what was of no use any more', async () => {
    const dies = makeStep('file /etc/x', { sh: 'new /etc/x\nkill -9 $$\nsh -c "kill -9 \\$PPID"' });
    box.begin([dies], shell);
    expect(box.must('ls -A /etc | grep lvsctl')).toContain('.lvsctl.');
    const keeper = new Keeper(bob);
    await keeper.says('locked');
    expect(keeper.words[0]).toEqual({ type: 'broken-off', run: { state: 'left', holder: ann } });
    expect(box.must('ls -A /etc | grep lvsctl || :; ls /var/lib/lvsctl')).toBe('');
  });

  test('of a run that its watchdog can still undo is kept, until a reboot ends the watchdog', async () => {
    const keeper = new Keeper(ann);
    await keeper.says('locked');
    bootAs('11111111-1111-4111-8111-111111111111');
    box.begin([makeStep('a', { sh: ':' })], shell, 0, 600);
    expect(box.run(breakScript, shell).code).toBe(75);

    await keeper.kill();
    box.must('rm -r /run/lvsctl');
    bootAs('22222222-2222-4222-8222-222222222222');
    const next = new Keeper(bob);
    await next.says('locked');
    expect(next.words[0]).toEqual({ type: 'broken-off', run: { state: 'left', holder: ann } });
    expect(box.must('ls /var/lib/lvsctl')).toBe('');
  });

  test('of a run whose watchdog was killed can be had: nobody undoes it any more', async () => {
    const keeper = new Keeper(ann);
    await keeper.says('locked');
    box.begin([makeStep('a', { sh: ':' })], shell, 0, 600);
    expect(box.run(breakScript, shell).code).toBe(75);
    const watchdog = "$(cut -d ' ' -f 1 /var/lib/lvsctl/run-*/00/watching)";
    box.must(
      `left=50; until kill -KILL ${watchdog} 2>/dev/null; do left=$((left - 1)); [ $left -gt 0 ]; sleep 0.1; done`,
    );
    await keeper.kill();
    const next = new Keeper(bob);
    await next.says('locked');
    expect(next.words).toContainEqual({ type: 'broken-off', run: { state: 'left', holder: ann } });
  });

  test('can be broken, which its run is told', async () => {
    const keeper = new Keeper(ann);
    await keeper.says('locked');
    const broken = box.run(breakScript, shell);
    expect(broken.code).toBe(0);
    expect(readHolder(broken.stdout.trim())).toEqual(ann);
    expect(locked()).toBe(false);
    expect(await keeper.says('lost')).toEqual({ type: 'lost' });
    await keeper.ended();
  });

  test('of a run whose stage is at work cannot be broken', async () => {
    await new Keeper(ann).says('locked');
    box.must(`mkdir -p /var/lib/lvsctl/run-${ann.run}/00`);
    box.must(
      `read -r self </proc/1/stat; set -- $self; echo "1 $(echo "$self" | sed 's/.*) //' | cut -d' ' -f20)" >/var/lib/lvsctl/run-${ann.run}/00/busy`,
    );
    expect(box.run(breakScript, shell).code).toBe(75);
    expect(locked()).toBe(true);
  });

  test('of a host where an earlier run is at work is waited for, which is said, until it ends or nobody waits any more', async () => {
    box.must(`mkdir -p /var/lib/lvsctl/run-${ann.run}/00`);
    const atWork = box.start(
      `cd /var/lib/lvsctl/run-${ann.run}/00; read -r self </proc/$$/stat; set -- $self
      echo "$$ $(echo "$self" | sed 's/.*) //' | cut -d' ' -f20)" >busy; exec sleep 60`,
      shell,
    );
    await waited(
      () => box.run(`[ -s /var/lib/lvsctl/run-${ann.run}/00/busy ]`, shell).code === 0 || undefined,
      'a stage',
    );
    const impatient = new Keeper(bob);
    await impatient.says('at-work');
    expect(box.run(releaseScript(bob), shell).code).toBe(0);
    await impatient.ended();
    expect(locked()).toBe(false);
    const patient = new Keeper(bob);
    await patient.says('at-work');
    atWork.kill('SIGKILL');
    await patient.says('locked');
    expect(patient.words.map(({ type }) => type)).toEqual(['at-work', 'broken-off', 'locked']);
  });

  test('that nobody has is no trouble to break', () => {
    expect(box.run(breakScript, shell)).toMatchObject({ code: 0, stdout: '' });
  });
});

test.each<[line: string, word: LockWord | undefined]>([
  [`${nonce} locked`, { type: 'locked' }],
  [`${nonce} lost`, { type: 'lost' }],
  [`${nonce} held`, { type: 'held', holder: undefined }],
  [`${nonce} held {"run":1}`, { type: 'held', holder: undefined }],
  [`${nonce} held ${JSON.stringify(ann)}`, { type: 'held', holder: ann }],
  [`${nonce} broken-off taken-back `, { type: 'broken-off', run: { state: 'taken-back', holder: undefined } }],
  ['locked', undefined],
  [`${nonce} note locked`, undefined],
  ['', undefined],
])('the line %j of a lock is %j', (line, word) => {
  expect(readLockWord(line, nonce)).toEqual(word);
});

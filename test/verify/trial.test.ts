import { describe, expect, it } from 'vitest';
import { lateText, readTrial, tryAll } from '../../src/verify/trial.ts';
import { Commands, runSection } from './shell.ts';
import { nonce } from './world.ts';

/** timeout(1) that has no patience at all. */
const impatient = 'shift 3; exec /usr/bin/timeout -k 1 0.2 "$@"';

async function tried(command: string, argument: string, first?: string, commands = new Commands()) {
  const trials = [{ number: 7, argument, ...(first === undefined ? {} : { first }) }];
  const { output } = await runSection(
    tryAll(nonce, 'trial', command, trials),
    `${commands.folder}:${process.env['PATH'] ?? ''}`,
  );
  return readTrial(output, nonce, 'trial', 7);
}

describe('a trial', () => {
  it.each<[what: string, command: string, argument: string, exit: number, said: string]>([
    ['that succeeds', 'printf "%s by %s" "$2" "$1"', "it's done", 0, "it's done by 7"],
    ['that fails and says why', 'sh -c "$2"', 'echo no such thing >&2; exit 3', 3, 'no such thing'],
    ['that says much', 'sh -c "$2"', 'echo first; echo second; exit 1', 1, 'first'],
  ])('%s', async (_what, command, argument, exit, said) => {
    expect(await tried(command, argument)).toEqual({ exit, said, late: false });
  });

  it('that hangs is ended', async () => {
    const outcome = await tried('sleep "$2"', '20', undefined, new Commands().fake('timeout', impatient));
    expect(outcome).toMatchObject({ late: true });
    expect(lateText).toBe('no answer within 10 seconds');
  });

  it('that is not made for what comes first is told from one that failed', async () => {
    expect(await tried('true', '', 'false && ')).toBeUndefined();
    expect(await tried('true', '', 'true && ')).toMatchObject({ exit: 0 });
  });

  it('is made beside the others, and all are awaited', async () => {
    const trials = [1, 2, 3].map((number) => ({ number, argument: '0.3' }));
    const begun = Date.now();
    const { output } = await runSection(tryAll(nonce, 'trial', 'sleep "$2"', trials), process.env['PATH'] ?? '');
    expect(trials.map(({ number }) => readTrial(output, nonce, 'trial', number)?.exit)).toEqual([0, 0, 0]);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(300);
  });
});

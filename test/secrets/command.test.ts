import { describe, expect, test } from 'vitest';
import { printedBy } from '../../src/secrets/command.ts';

const place = { folder: '/', env: { PATH: process.env['PATH'], GIVEN: 'from the environment' } };
const sh = (script: string, ...words: string[]) => printedBy(['sh', '-c', script, 'sh', ...words], place);

describe('a command gives', () => {
  test.each([
    ['what it prints, without the last line break', "printf 'a b\\n'", 'a b'],
    ['with those before it', "printf 'a\\n\\nb\\r\\n'", 'a\n\nb'],
    ['and its environment is that of lvsctl', 'printf %s "$GIVEN"', 'from the environment'],
    ['in the folder of the inventory', 'pwd', '/'],
  ])('%s', async (_, script, value) => {
    expect(await sh(script)).toEqual({ ok: true, value });
  });

  test('its words as they are: no shell looks at them', async () => {
    const words = ['$(reboot)', '`reboot`', '; reboot', '*', "a'b", '"', ' '];
    expect(await sh('printf \'%s|\' "$@"', ...words)).toEqual({ ok: true, value: `${words.join('|')}|` });
  });
});

describe('a command fails', () => {
  test.each([
    ['by its exit code, and says why', 'echo the store is locked >&2; exit 2', /exit code 2: the store is locked/],
    ['with what a terminal would obey made visible', "printf '\\033[2Jx' >&2; exit 1", /: \\x1b\[2Jx$/],
    ['by a signal', 'kill -9 $$', /ended by SIGKILL/],
    ['when it prints nothing', ':', /printed nothing/],
    ['when it prints a line break alone', 'echo', /printed nothing/],
    ['when it prints no text', "printf '\\377\\376'", /not UTF-8/],
    ['when it prints a NUL', "printf 'a\\000b'", /not text/],
    ['when it prints without end', 'yes', /printed more than 256 KiB/],
  ])('%s', async (_, script, message) => {
    expect(await sh(script)).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(message) as unknown },
    });
  });

  test('when there is no such program', async () => {
    const found = await printedBy(['lvsctl-no-such-program'], place);
    expect(found).toMatchObject({ ok: false, error: { message: 'cannot be started: there is no such program' } });
  });

  test('after its deadline, even if what it started goes on', async () => {
    const start = Date.now();
    const found = await printedBy(['sh', '-c', 'sleep 7 & sleep 7'], { ...place, deadline: 0.3 });
    expect(found).toMatchObject({ ok: false, error: { message: 'took longer than 0.3 seconds' } });
    expect(Date.now() - start).toBeLessThan(5_000);
  });

  test('and long complaints are cut', async () => {
    const found = await sh('head -c 100000 /dev/zero | tr "\\0" x >&2; exit 1');
    expect(found.ok ? '' : found.error.message.length).toBeLessThan(400);
  });
});

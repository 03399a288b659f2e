import { describe, expect, it } from 'vitest';
import { runLocal } from '../../src/verify/local.ts';

const options = { deadline: 10 };

describe('runLocal', () => {
  it('runs a script of any length, with nothing on its standard input', async () => {
    const run = await runLocal(
      `${'# padding\n'.repeat(50_000)}cat; echo "$LC_ALL"; echo complaint >&2; exit 3`,
      options,
    );
    expect(run).toMatchObject({ ok: true, value: { code: 3, stderr: 'complaint\n' } });
    expect(run.ok && run.value.stdout.toString()).toBe('C\n');
  });

  it('ends a script that takes too long, and all that it started', async () => {
    const start = performance.now();
    const run = await runLocal('sleep 97.25 & sleep 97.25; echo done', { deadline: 0.3 });
    expect(run).toMatchObject({ ok: false, error: { reason: 'timeout', host: 'operator' } });
    expect(performance.now() - start).toBeLessThan(60_000);
    const left = await runLocal(
      'for f in /proc/[0-9]*/cmdline; do tr "\\0" " " <"$f"; echo; done 2>/dev/null',
      options,
    );
    expect(left.ok && left.value.stdout.toString()).not.toContain('sleep 97.25');
  });

  it('ends a script that prints too much', async () => {
    const run = await runLocal('while :; do echo yes; done', { deadline: 10, maxOutput: 10_000 });
    expect(run).toMatchObject({ ok: false, error: { reason: 'too-much-output' } });
  });

  it('ends a script when it is told to, or does not begin', async () => {
    const stop = new AbortController();
    const running = runLocal('sleep 30', { deadline: 60, signal: stop.signal });
    stop.abort();
    expect(await running).toMatchObject({ ok: false, error: { reason: 'aborted' } });
    expect(await runLocal('echo', { deadline: 60, signal: stop.signal })).toMatchObject({ ok: false });
  });
});

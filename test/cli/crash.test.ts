import { afterEach, describe, expect, test, vi } from 'vitest';
import { crash } from '../../src/cli/crash.ts';
import { known } from '../../src/secret.ts';

const hidden = 'Crash7-secret"x';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('what is said of a failure that nobody foresaw has no secret in it', () => {
  test.each([undefined, '1'])('with LVSCTL_DEBUG %s', (debug) => {
    vi.stubEnv('LVSCTL_DEBUG', debug);
    known.add(hidden);
    const said = crash(new Error(`cannot use ${hidden} or ${JSON.stringify({ hidden })} or ${btoa(hidden)}`));
    expect(said).toMatch(/^lvsctl: this should not have happened: cannot use \*{8} or \{"hidden":"\*{8}"\} or \*{8}/);
    expect(said).not.toContain('Crash7');
    expect(/\n +at /.test(said)).toBe(debug === '1');
  });

  test('that is no error', () => {
    known.add(hidden);
    expect(crash(hidden)).not.toContain('Crash7');
  });
});

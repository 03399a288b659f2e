import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quote } from '../../src/ssh/quote.ts';

/** What a shell makes of words: they are written to it on standard input and come back NUL-separated. */
function words(shell: string, script: Buffer): Buffer[] {
  const [program = '', ...options] = shell.split(' ');
  const { stdout, status, stderr } = spawnSync(program, [...options, '-s'], { input: script, env: { LC_ALL: 'C' } });
  expect(stderr.toString()).toBe('');
  expect(status).toBe(0);
  const parts: Buffer[] = [];
  for (let start = 0, end = stdout.indexOf(0); end >= 0; start = end + 1, end = stdout.indexOf(0, start))
    parts.push(stdout.subarray(start, end));
  return parts;
}

describe.each(['dash', 'bash', 'bash --posix', 'busybox ash', 'sh'])('%s reads what was quoted', (shell) => {
  test('every byte but NUL', () => {
    const bytes = Array.from({ length: 255 }, (_, index) => String.fromCharCode(index + 1));
    const values = [
      ...bytes,
      bytes.join(''),
      '',
      "'",
      "''",
      "a'b'c",
      '-n',
      '$(reboot)',
      '`reboot`',
      '\\',
      '\n',
      '!x',
      '~',
    ];
    const script = `printf '%s\\0' ${values.map(quote).join(' ')}\n`;
    expect(words(shell, Buffer.from(script, 'latin1')).map((word) => word.toString('latin1'))).toEqual(values);
  });

  test('any text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (values) => {
        const got = words(shell, Buffer.from(`printf '%s\\0' ${values.map(quote).join(' ')}\n`));
        expect(got.map((word) => word.toString())).toEqual(values.map((value) => Buffer.from(value).toString()));
      }),
      { numRuns: 25 },
    );
  });
});

test('a NUL byte is a bug', () => {
  expect(() => quote('a\0b')).toThrow('NUL');
});

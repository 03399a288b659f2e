import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableLine } from '../../src/ssh/printable.ts';

describe('what a terminal might obey is written as an escape', () => {
  test.each([
    ['plain text, äöü, 漢字, 🙂\twith a tab\nand a line', 'plain text, äöü, 漢字, 🙂\twith a tab\nand a line'],
    ['\u001b[2J\u001b]0;title\u0007', String.raw`\x1b[2J\x1b]0;title\x07`],
    ['\u009b31m', String.raw`\x9b31m`],
    ['a\r\nb', 'a\nb'],
    ['password: ok\rrefused    ', String.raw`password: ok\x0drefused    `],
    ['\u0008\u007f\0', String.raw`\x08\x7f\x00`],
    ['user\u202etxt.exe', String.raw`user\u{202e}txt.exe`],
    ['a\u2066b\u200fc\ufeff', String.raw`a\u{2066}b\u{200f}c\u{feff}`],
    ['\u2028', String.raw`\u{2028}`],
    ['\ud83d', String.raw`\u{d83d}`],
    ['\u{e0041}', String.raw`\u{e0041}`],
  ])('%j', (text, safe) => {
    expect(printable(text)).toBe(safe);
  });

  test('nothing unsafe is ever left, and what is safe is not touched', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = printable(text);
        // eslint-disable-next-line no-control-regex -- this is what is looked for
        expect(safe).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(Buffer.from(safe).toString()).toBe(safe);
        expect(printable(safe)).toBe(safe);
      }),
    );
  });

  test('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const safe = printable(Buffer.from(bytes).toString());
        expect(Buffer.from(safe).toString()).toBe(safe);
      }),
    );
  });
});

test('a line for a sentence is one line, and not endless', () => {
  expect(printableLine('  two\n\nlines\t of \u001b[1m text ')).toBe(String.raw`two lines of \x1b[1m text`);
  expect(printableLine('x'.repeat(1000), 10)).toBe('xxxxxxxxxx…');
  expect(printableLine('🙂'.repeat(10), 3)).toBe('🙂…');
});

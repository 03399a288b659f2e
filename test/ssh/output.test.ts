import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxLineBytes, Output } from '../../src/ssh/output.ts';

const mark = 'ready-0123\n';

function feed(text: Buffer, cuts: readonly number[], limit = 1 << 20): { output: Output; lines: string[] } {
  const lines: string[] = [];
  const output = new Output(mark, limit, (line) => lines.push(line));
  const ends = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, text.length]) {
    output.push(text.subarray(start, end));
    start = end;
  }
  return { output, lines };
}

describe('an output', () => {
  test('is the same however it is cut', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
      fc.constantFrom('a\nb\n\n', 'ready', mark, 'äöü\n').map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, fc.array(bytes), fc.array(fc.nat(500)), (noise, parts, cuts) => {
        const text = Buffer.concat([noise, Buffer.from(mark), ...parts]);
        const { output, lines } = feed(text, cuts);
        const after = text.subarray(text.indexOf(mark) + mark.length);
        expect(output.marked).toBe(true);
        expect(output.collected().equals(after)).toBe(true);
        expect(lines).toEqual(splitLines(after));
      }),
      { numRuns: 300 },
    );
  });

  test('keeps the end of what comes before the mark', () => {
    const { output } = feed(Buffer.from(`${'x'.repeat(100_000)}end`), [3, 40_000, 70_000]);
    expect(output.marked).toBe(false);
    expect(output.preamble).toHaveLength(64 * 1024);
    expect(output.preamble.endsWith('xend')).toBe(true);
    output.forgetPreamble();
    expect(output.preamble).toBe('');
  });

  test('is bounded', () => {
    const { output, lines } = feed(Buffer.from(`${mark}one\ntwo\nthree`), [15, 22], 6);
    expect(output.overflown).toBe(true);
    expect(output.collected().length).toBeLessThanOrEqual(6);
    expect(lines).toEqual(['one']);
  });

  test('hands out the beginning of a line that never ends', () => {
    const { output, lines } = feed(Buffer.from(`${mark}${'y'.repeat(200_000)}\nnext\n`), [70_000, 130_000]);
    expect(lines.map((line) => line.length)).toEqual([maxLineBytes, 4]);
    expect(output.collected()).toHaveLength(200_006);
  });
});

function splitLines(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start))
    lines.push(bytes.subarray(start, end).toString());
  return lines;
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frame, unframe, type Section } from '../../src/observe/frame.ts';
import { quote } from '../../src/ssh/quote.ts';
import { shells, runSh } from '../support/sh.ts';

const nonce = '0123456789abcdef01234567';

/** Output that does its best to look like a frame, or to hide one. */
const hostile = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          '\n',
          'section',
          'status',
          'end',
          ' ',
          '0',
          `${nonce.slice(1)} end\n`,
          `${nonce.slice(0, -1)} status 0\n`,
          'f'.repeat(24),
          ' section facts\n',
          ' status 7\n',
          '\r',
          '\u0000',
          '%s',
          '\\n',
          '\u001b[2J',
          '😀',
        ),
      )
      .map((parts) => parts.join('')),
  )
  // What a host cannot have known is the only thing that it cannot say.
  .filter((text) => !text.includes(nonce));

interface Said {
  readonly name: string;
  readonly output: string;
  readonly status: number;
}

const sections = fc
  .array(fc.record({ name: fc.stringMatching(/^[a-z][a-z-]{0,9}$/), output: hostile, status: fc.nat({ max: 255 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((list) => [...new Map(list.map((one) => [one.name, one])).values()]);

/** What sh prints for the sections, as frame() has it. */
const answerOf = (list: readonly Said[]): string =>
  `${list.map(({ name, output, status }) => `\n${nonce} section ${name}\n${output}\n${nonce} status ${status}\n`).join('')}${nonce} end\n`;

describe('an answer', () => {
  test('comes back as it was said, whatever it is', () => {
    fc.assert(
      fc.property(sections, (list) => {
        const answers = unframe(answerOf(list), nonce);
        expect(answers).toEqual({
          ok: true,
          value: new Map(list.map(({ name, output, status }) => [name, { output, status }])),
        });
      }),
      { numRuns: 500 },
    );
  });

  test('that is cut anywhere is an error, never a wrong answer', () => {
    fc.assert(
      fc.property(sections, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (list, where) => {
        const whole = answerOf(list);
        expect(unframe(whole.slice(0, Math.floor(whole.length * where)), nonce).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
    const whole = answerOf([{ name: 'facts', output: 'uid 0', status: 0 }]);
    for (let length = 0; length < whole.length; length++) expect(unframe(whole.slice(0, length), nonce).ok).toBe(false);
  });

  test.each([
    ['of another run', answerOf([{ name: 'facts', output: '', status: 0 }]).replaceAll(nonce, 'f'.repeat(24))],
    ['without the end of a section', `\n${nonce} section facts\nuid 0\n${nonce} end\n`],
    ['with more after its end', `${answerOf([{ name: 'facts', output: '', status: 0 }])}more`],
    ['that is empty', ''],
  ])('%s is an error', (_what, output) => {
    expect(unframe(output, nonce).ok).toBe(false);
  });
});

describe.each(shells)('in %s, the script', (shell) => {
  const run = (list: readonly Section[]): ReturnType<typeof unframe> =>
    unframe(runSh(frame(list, nonce), shell).stdout, nonce);

  test('gives each section its own output and status', () => {
    const said: readonly (Section & { expected: readonly [string, number] })[] = [
      { name: 'plain', sh: 'echo one; echo two', expected: ['one\ntwo\n', 0] },
      { name: 'silent', sh: ':', expected: ['', 0] },
      { name: 'unended', sh: 'printf "no end"', expected: ['no end', 0] },
      { name: 'failing', sh: 'echo x; (exit 7)', expected: ['x\n', 7] },
      { name: 'leaving', sh: '(exit 3; echo never)', expected: ['', 3] },
      { name: 'moving', sh: '(cd /tmp; x=1; set -e; false; echo never)', expected: ['', 1] },
      { name: 'after', sh: 'echo "${x-unset} $(pwd)"', expected: ['unset /\n', 0] },
      { name: 'reading', sh: 'cat; echo "got nothing"', expected: ['got nothing\n', 0] },
      { name: 'complaining', sh: 'echo oh >&2', expected: ['', 0] },
      { name: 'commented', sh: 'echo x # and no more', expected: ['x\n', 0] },
      { name: 'lies', sh: `echo 'f section plain'; printf '\\nend\\n'`, expected: ['f section plain\n\nend\n', 0] },
      { name: 'missing', sh: 'no-such-command 2>/dev/null', expected: ['', 127] },
    ];
    const expected = new Map(said.map(({ name, expected: [output, status] }) => [name, { output, status }]));
    expect(run(said)).toEqual({ ok: true, value: expected });
  });

  test('carries hostile texts through a real shell', () => {
    const text = hostile.map((one) => one.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, ''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 20, maxLength: 20 }), (list) => {
        const answers = run(list.map((one, index) => ({ name: `s${index}`, sh: `printf '%s' ${quote(one)}` })));
        expect(answers).toEqual({
          ok: true,
          value: new Map(list.map((output, index) => [`s${index}`, { output, status: 0 }])),
        });
      }),
      { numRuns: 10 },
    );
  });
});

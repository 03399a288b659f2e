import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownSecrets } from '../../src/masking/known.ts';
import { MaskedText, maskWrites } from '../../src/masking/stream.ts';
import { PassThrough } from 'node:stream';

const pem = [
  '-----BEGIN PRIVATE KEY-----',
  'MC4CAQAwBQYDK2VwBCIEIPf3yJ0pWmL4Ygq0J8rVxkq2Y7m1oX9CwZbT5sLd3nKe',
  'Q7hUw2Xr9fYtKc0aVjBm8LsEoDp4GiNz1RkWxTqHyFvMuSgCbAeJdPl6OZn3I5wK',
  'Rg==',
  '-----END PRIVATE KEY-----',
  '',
].join('\n');

function masking(...secrets: string[]): (text: string) => string {
  const known = new KnownSecrets();
  for (const secret of secrets) known.add(secret);
  return (text) => {
    const whole = new MaskedText(known);
    return whole.push(text) + whole.end();
  };
}

/** A secret as people and machines make them: 4 to 40 signs, some of them with a meaning elsewhere. */
const secret = fc
  .string({
    unit: fc.oneof(fc.constantFrom(...Array.from('abcXYZ0189+/=-_.,:%&$\'"\\ äß€')), fc.string({ unit: 'grapheme' })),
    minLength: 4,
    maxLength: 40,
  })
  .filter((text) => text.length >= 4 && new Set(text).size >= 3 && !/[*\n\r]/.test(text) && text.trim() === text);

/** Text that has nothing of a secret in it. */
const around = fc.string({ unit: fc.constantFrom('~', '\n', '#', '|'), maxLength: 30 });

describe('a secret is masked', () => {
  const hidden = 'p4ss/w+rd & "söme"';
  test.each([
    ['as it is', hidden],
    ['in a string of JSON', JSON.stringify({ a: hidden })],
    ['quoted for sh', `'${hidden}'`],
    ['percent-encoded', encodeURIComponent(hidden)],
    ['percent-encoded in lower case', encodeURIComponent(hidden).toLowerCase()],
    ['as a field of a form', new URLSearchParams({ a: hidden }).toString()],
    ['in base64', Buffer.from(hidden).toString('base64')],
    ['in base64url', Buffer.from(hidden).toString('base64url')],
    ['as basic authentication', Buffer.from(`admin:${hidden}`).toString('base64')],
    ['in base64 with a text around', Buffer.from(`xx${hidden}yyy`).toString('base64')],
    ['in hexadecimal digits', Buffer.from(hidden).toString('hex')],
  ])('%s', (_, text) => {
    const shown = masking(hidden)(`before ${text} after`);
    expect(shown).toContain('********');
    expect(shown).toMatch(/^before .* after$/);
    for (const form of [
      hidden,
      'p4ss',
      'c8O2bWU',
      's%C3%B6me',
      'söme',
      Buffer.from(hidden).toString('base64').slice(4, -4),
    ])
      expect(shown).not.toContain(form);
  });

  test('of several lines, in a diff', () => {
    const diff = pem.replaceAll(/^(?=.)/gm, '+');
    const shown = masking(pem)(`@@ -0,0 +1,5 @@\n${diff}`);
    expect(shown).not.toMatch(/MC4C|Q7hU/);
    expect(shown).toContain('+-----BEGIN PRIVATE KEY-----');
  });

  test('of several lines, as a whole, with its short ones', () => {
    expect(masking(pem)(`a\n${pem}b`)).toBe('a\n********b');
    expect(masking(pem)(`a\n${pem.replaceAll('\n', '\r\n')}b`)).toBe('a\n********b');
  });

  test.each([
    ['wrapped in another width', pem.replaceAll('\n', '').replaceAll(/(.{50})/g, '$1\n')],
    [
      'in base64, wrapped',
      Buffer.from(pem)
        .toString('base64')
        .replaceAll(/(.{76})/g, '$1\n'),
    ],
    [
      'in base64 after other text, wrapped',
      Buffer.from(`x${pem}`)
        .toString('base64')
        .replaceAll(/(.{64})/g, '$1\n'),
    ],
    ['cut in the middle', `${pem.slice(28, 70)}…`],
  ])('that is long: %s', (_, text) => {
    const shown = masking(pem)(text);
    const left = shown.replaceAll('********', ' ').split(/\s+/);
    for (const part of left) if (!/^-+|KEY|LS0t/.test(part)) expect(part.length, part).toBeLessThan(20);
  });

  test('and what is not one stays as it is', () => {
    const text = 'server {\n  listen 80;\n}\n-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n';
    expect(masking(pem, 'abc', '****', 'true\n}\n')(text)).toBe(text);
  });
});

test('in whatever parts it comes, no form of a secret is in what is shown', () => {
  const written = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => JSON.stringify(text),
    (text) => Buffer.from(text).toString('base64'),
    (text) => Buffer.from(text).toString('hex'),
    (text) => `%${encodeURIComponent(text)}`,
  );
  fc.assert(
    fc.property(
      secret,
      written,
      around,
      around,
      fc.array(fc.nat(200), { maxLength: 8 }),
      (value, form, before, after, cuts) => {
        fc.pre(!/\p{Surrogate}/u.test(value));
        const known = new KnownSecrets();
        known.add(value);
        const encoded = form(value);
        const text = `${before}${encoded}${after}`;
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        const masked = new MaskedText(known);
        const parts = places.slice(1).map((end, n) => masked.push(text.slice(places[n], end)));
        const shown = parts.join('') + masked.end();
        expect(shown).not.toContain(value);
        // What is left of it, cut where fewer than four signs had come by then, is next to nothing.
        const longest = Math.max(...shown.split(/[*~\n#|"%]+/).map((part) => part.length));
        expect(longest).toBeLessThan(9);
        expect(shown.startsWith(before)).toBe(true);
      },
    ),
    { numRuns: 400 },
  );
});

test('text without secrets comes out as it went in, whatever the cuts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 20 }), (parts) => {
      const known = new KnownSecrets();
      known.add('never-in-there-7391');
      known.add(pem);
      const masked = new MaskedText(known);
      const out = parts.map((part) => masked.push(part)).join('') + masked.end();
      expect(out).toBe(parts.join(''));
    }),
    { numRuns: 400 },
  );
});

test('a stream lets bytes through that are cut anywhere, and masks whoever writes', () => {
  const known = new KnownSecrets();
  known.add('gehöim€');
  const stream = new PassThrough();
  const finish = maskWrites(stream, known);
  for (const byte of Buffer.from('ein gehöim€ im Satz, und noch ein gehöi')) stream.write(Buffer.from([byte]));
  finish();
  expect(String(stream.read())).toMatch(/^ein geh\*{8} im Satz, und noch ein geh\*{8}$/);
  expect(maskWrites(stream, known)).toBe(finish);
});

test('a secret of thousands of lines costs no more for that', () => {
  const known = new KnownSecrets();
  const start = process.cpuUsage();
  known.add(Array.from({ length: 5_000 }, (_, n) => `user${n} = "pass-${n * 7919}"`).join('\n'));
  const masked = new MaskedText(known);
  for (let n = 0; n < 1_000; n++) masked.push(`web1  a line of output as it comes, number ${n}\n`);
  expect(masked.push('as said: user77 = "pass-609763" it is\n')).toBe('as said: ******** it is\n');
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1_000).toBeLessThan(3_000);
}, 60_000);

test('looking through a megabyte with long secrets takes less than a second of the processor', () => {
  const known = new KnownSecrets();
  for (let n = 0; n < 5; n++) known.add(pem.replaceAll('a', String(n)).repeat(4));
  const line = 'the quick brown fox jumps over the lazy dog and so on and so forth, says the host\n';
  const text = line.repeat(1_048_576 / line.length);
  const start = process.cpuUsage();
  expect(known.find(text)).toEqual([]);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1_000).toBeLessThan(1_000);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePath, showPath } from '../../src/inventory/yaml/path.ts';
import { asYaml, readInventoryText, withEncrypted } from '../../src/secrets/inventory-text.ts';

const armoured = '-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24=\n-----END AGE ENCRYPTED FILE-----\n';

function put(text: string, path: string): string {
  const read = readInventoryText(text);
  if (!read.ok) throw new Error(read.error.message);
  const changed = withEncrypted(read.value, parsePath(path) ?? [], armoured);
  return changed.ok ? changed.value : `refused: ${changed.error.message}`;
}

const block = (indent: number) => asYaml(armoured).replaceAll(/^(?=.)/gm, ' '.repeat(indent));

describe('an encrypted value takes the place of', () => {
  test.each([
    ['a value below its key', 'a:\n  p: old\n  q: 1\n', `a:\n  p:\n${block(4)}  q: 1\n`],
    [
      'one with a comment',
      '# x\na:\n  p: "old" # why\n  # y\n  q: 1\n',
      `# x\na:\n  p: # why\n${block(4)}  # y\n  q: 1\n`,
    ],
    ['a block', 'a:\n  p: |\n    old\n    lines\n  q: 1\n', `a:\n  p:\n${block(4)}  q: 1\n`],
    ['a map', 'a:\n  p: { env: X } # c\n  q: 1\n', `a:\n  p: # c\n${block(4)}  q: 1\n`],
    ['another encrypted value', `a:\n  p: # c\n${block(4)}  # d\n  q: 1\n`, `a:\n  p: # c\n${block(4)}  # d\n  q: 1\n`],
    ['nothing', 'a:\n  p:\n  q: 1\n', `a:\n  p:\n${block(4)}  q: 1\n`],
    ['the last value of a file without a line end', 'a:\n  p: old', `a:\n  p:\n${block(4)}`],
    ['a value on a line of its own', 'a:\n  p:\n    old\n  q: 1\n', `a:\n  p:\n${block(4)}  q: 1\n`],
    ['one among ranges', 'h: { web[1:3]: 1 }\na:\n  p: x[1:2]\n', `h: { web[1:3]: 1 }\na:\n  p:\n${block(4)}`],
    ['one in a flow map', 'a: { p: old, q: 1 } # c\n', `a: { p: { age: ${JSON.stringify(armoured)} }, q: 1 } # c\n`],
    [
      'one that begins a line of a flow map',
      'a: {\n  p: old,\n  q: 1 }\n',
      `a: {\n  p: { age: ${JSON.stringify(armoured)} },\n  q: 1 }\n`,
    ],
  ])('%s', (_, before, after) => {
    expect(put(before, 'a.p')).toBe(after);
  });

  test('an entry of a list', () => {
    expect(put('a: [x, old, y]\n', 'a[1]')).toBe(`a: [x, { age: ${JSON.stringify(armoured)} }, y]\n`);
    expect(put('a:\n  - p: old\n    q: 1\n', 'a[0].p')).toBe(
      `a:\n  - p: { age: ${JSON.stringify(armoured)} }\n    q: 1\n`,
    );
  });
});

describe('refused is', () => {
  test.each([
    ['what is not there', 'a: { q: 1 }\n', 'a.p', /nothing stands at a\.p/],
    ['what comes by a merge key', 'd: &d { p: old }\na: { <<: *d }\n', 'a.p', /cannot be changed alone/],
    ['what is anchored and used again', 'a: { p: &x old }\nb: *x\n', 'a.p', /cannot be changed alone/],
  ])('%s', (_, text, path, message) => {
    expect(put(text, path)).toMatch(message);
  });
});

test('encrypted values and recipients are found, whatever else the file holds', () => {
  const read = readInventoryText(
    `secrets: { recipients: [age1a, 7] }\nnonsense: [{ age: ${JSON.stringify(armoured)} }, { age: 30 }]\nvrrp:\n  "A.b":\n    authPass:\n${block(6)}`,
  );
  expect(read.ok && [read.value.recipients, read.value.encrypted.map(({ path }) => showPath(path))]).toEqual([
    ['age1a'],
    ['nonsense[0]', 'vrrp["A.b"].authPass'],
  ]);
  expect(readInventoryText('a: [').ok).toBe(false);
});

describe('paths', () => {
  test('are read as they are written', () => {
    const step = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.nat(999),
      fc.constantFrom('a-b', 'web[1:3]', 'a.b', '0', ''),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (path) => {
        expect(parsePath(showPath(path))).toEqual(path);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['', '.a', 'a.', 'a..b', 'a[', 'a[x]', 'a["', 'a["\\x"]', 'a b', 'a]'])('%j is none', (text) => {
    expect(parsePath(text)).toBeUndefined();
  });

  test('any text is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', '[', ']', '"', '\\', 'a', '0', ' ') }), (text) => {
        const path = parsePath(text);
        if (path !== undefined) expect(parsePath(showPath(path))).toEqual(path);
      }),
    );
  });
});

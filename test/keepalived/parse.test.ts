import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKeepalived, type Statement } from '../../src/keepalived/parse.ts';

type Tree = (string | [string, Tree])[];

/** The statements as nested lists, words joined by blanks. */
function shape(statements: readonly Statement[]): Tree {
  return statements.map(({ words, block }) => (block ? [words.join(' '), shape(block)] : words.join(' ')));
}

function read(text: string, files: Record<string, string> = {}, id = 'lb1') {
  const include = (pattern: string): { file: string; text: string }[] | string =>
    files[pattern] === undefined ? 'there is no such file' : [{ file: pattern, text: files[pattern] }];
  return parseKeepalived({ file: 'k.conf', text }, { id, include });
}

describe('keepalived.conf(5)', () => {
  test.each<[what: string, text: string, tree: Tree]>([
    ['blocks', 'a b {\n  c d\n  e {\n    f\n  }\n}\ng', [['a b', ['c d', ['e', ['f']]]], 'g']],
    ['a brace on a line of its own', 'a b\n{\n c\n}', [['a b', ['c']]]],
    [
      'a block on one line',
      'a { b c }\nd{e}',
      [
        ['a', ['b c']],
        ['d', ['e']],
      ],
    ],
    ['an empty block', 'a {\n}', [['a', []]]],
    ['comments anywhere', '# x\na b # c\n! d\ne ! f', ['a b', 'e']],
    ['a sign of a comment between quotes', `a "b # c" 'd ! e'`, ['a b # c d ! e']],
    ['quotes within a word', 'abcd" efg h jkl "mnop x', ['abcd efg h jkl mnop x']],
    ['escapes between quotes', String.raw`a "\"b\"" "\x41\102\\"`, [String.raw`a "b" AB\ `.trim()]],
    ['a line that goes on', 'a b \\\n  c \\\n d', ['a b c d']],
    ['carriage returns', 'a {\r\n b\r\n}\r\n', [['a', ['b']]]],
    ['conditions', '@lb1 a\n@lb2 b\n@^lb1 c\n@^lb2 d', ['a', 'd']],
    ['definitions', '$A=1 2\n$B=3\nx $A y${B}z $C ${C} $Bz', ['x 1 2 y3z $C ${C} $Bz']],
    [
      'definitions replaced when they are used',
      '$BASE=10.2.${SUB}\n$SUB=0\n${BASE}.100/32\n$SUB=10\n${BASE}.100/32',
      ['10.2.0.100/32', '10.2.10.100/32'],
    ],
    ['conditions in definitions', '@lb1 $P=240\n@lb2 $P=200\npriority $P\n$IF=@lb2\n$IF nopreempt', ['priority 240']],
    [
      'definitions of several lines',
      '$I= \\\ninst ${N} { \\\n  @lb1 high \\\n  @lb2 low \\\n}\n$N=1\n$I\n$N=2\n$I',
      [
        ['inst 1', ['high']],
        ['inst 2', ['high']],
      ],
    ],
    ['what is defined beforehand', 'a ${_PWD} ${_INSTANCE} b${_HASH}c', ['a . lb1 b#c']],
    ['a sequence', '~SEQ(N, 0, 3) a 10.0.${N}.1', ['a 10.0.0.1', 'a 10.0.1.1', 'a 10.0.2.1', 'a 10.0.3.1']],
    ['a sequence up to a number', '~SEQ(N, 2) a ${N}\n~SEQ(M, -2) b ${M}', ['a 1', 'a 2', 'b -1', 'b -2']],
    ['a sequence in steps, and down', '~SEQ(N, 1, 3, 8) a$N\n~SEQ(M, 2, 0) b$M', ['a1', 'a4', 'a7', 'b2', 'b1', 'b0']],
    ['a hexadecimal sequence', '~SEQx(N, 0x90, 0x10, 176) fe80::${N}', ['fe80::90', 'fe80::a0', 'fe80::b0']],
    ['sequences in sequences', '~SEQ(A, 2) ~SEQ(B, 5, 6) x${A}${B}', ['x15', 'x16', 'x25', 'x26']],
    ['a list', '~LST(A, web, db, 7) x ${A}', ['x web', 'x db', 'x 7']],
    [
      'a list of several, and a sequence',
      '~LST({A, B}, {10,1},{20,4}) ~SEQ(C,168,2,170) 192.${C}.${A}.${B}',
      ['192.168.10.1', '192.170.10.1', '192.168.20.4', '192.170.20.4'],
    ],
    [
      'a sequence of blocks',
      '$I= \\\ninst ${N} { \\\n  id $N \\\n}\n$LAST=2\n~SEQ(N, 1, ${LAST}) $I',
      [
        ['inst 1', ['id 1']],
        ['inst 2', ['id 2']],
      ],
    ],
    ['a sequence in a definition', '$S=~SEQ(N, 2) a\n$S', ['a', 'a']],
    ['a sign that is no comment', 'a${_BANG}b', ['a!b']],
    ['an empty definition', '$A=\na $A b', ['a  b'.replace('  ', ' ')]],
  ])('%s', (_what, text, tree) => {
    const { statements, faults } = read(text);
    expect(faults).toEqual([]);
    expect(shape(statements)).toEqual(tree);
  });

  test('includes are read in place, with lines and comments of their own', () => {
    const { statements, faults } = read('a {\n include b.conf\n}\ninclude gone.conf', {
      'b.conf': '# web1\nreal x {\n y\n}',
    });
    expect(shape(statements)).toEqual([['a', [['real x', ['y']]]]]);
    expect(statements[0]?.block?.[0]).toMatchObject({ file: 'b.conf', line: 2, comments: ['web1'] });
    expect(faults).toEqual([{ file: 'k.conf', line: 4, message: 'include gone.conf: there is no such file' }]);
  });

  test.each([
    ['a {\n b', 1, 'the block of a is not closed'],
    ['a\n}\nb', 2, 'a } without a {'],
    ['{\n a\n}', 1, 'a { without a keyword before it'],
    ['a "b', 1, 'a quote is not closed on this line'],
    ['$A=$A x\nb $A', 2, 'definitions make this line too long: do they contain themselves?'],
    ['~SEQ(A, 1, 0, 3) x', 1, '~SEQ(A, 1, 0, 3) never comes to its end'],
    ['~SEQ(A, 3, 1, 1) x', 1, '~SEQ(A, 3, 1, 1) never comes to its end'],
    ['~SEQ(A, x) y', 1, '~SEQ takes a name and up to three whole numbers'],
    ['~SEQ(A, 999999999) y', 1, '~SEQ(A, 999999999) stands for more than 10000 lines'],
    ['~SEQ x', 1, '~SEQ has no list in parentheses after it'],
    ['~LST({A,B}, {1}) x', 1, '~LST takes a name, or names in braces, and as many values for each time'],
    ['a ${_RANDOM 1 9}', 1, '${_RANDOM} is another number at every start: write the one that is meant'],
  ])('%j is found wrong at line %i: %s', (text, line, message) => {
    expect(read(text).faults).toContainEqual({ file: 'k.conf', line, message });
  });

  test('what includes itself comes to an end', () => {
    const { faults } = read('include k.conf', { 'k.conf': 'include k.conf\ninclude k.conf' });
    expect(faults.length).toBeGreaterThan(0);
  });

  test('definitions that double each other come to an end', () => {
    const doubling = Array.from({ length: 60 }, (_, n) => `$A${n + 1}=\${A${n}}\${A${n}}`).join('\n');
    expect(read(`$A0=xy\n${doubling}\nz \${A60}`).faults).toHaveLength(1);
    const lines = Array.from({ length: 60 }, (_, n) => `$B${n + 1}=\${B${n}} \\\n\${B${n}}`).join('\n');
    expect(read(`$B0=xy\n${lines}\n\${B60}`).faults.length).toBeGreaterThan(0);
  });

  test('whatever stands there, reading ends with statements and faults', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '"',
        "'",
        '\\',
        '\n',
        ' ',
        '#',
        '!',
        '@lb1 ',
        '@^',
        '$A=',
        '$A',
        '${A}',
        '~SEQ',
        '~SEQ(A, 3) ',
        '~LST(A, ',
        ')',
        'include x',
        'vrrp_instance',
        'virtual_server',
        'x',
        '\\x4',
        '\u0000',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (pieces) => {
        const { statements, faults } = read(pieces.join(''), { x: '$A=${A}\n{' });
        expect(Array.isArray(statements) && Array.isArray(faults)).toBe(true);
        for (const { words } of statements) expect(words.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, test } from 'vitest';
import { base, cluster, marked, problems } from './reading.ts';

describe('what YAML does not allow has its place', () => {
  test.each([
    ['a tab', 'cluster: shop\nhosts:\n«\tlb1: { address: 10.0.0.1 }\n', 'a tab is used as indentation'],
    [
      'a key below a value',
      'cluster: shop\nhosts: «1\n   lb1: 2\n',
      'a key stands where the value before it has not ended',
    ],
    [
      'indentation',
      'cluster: shop\nhosts:\n  a:\n    address: 10.0.0.1\n   «b: 1\n',
      'all mapping items must start at the same column',
    ],
    ['a duplicate key', 'cluster: shop\nhosts: {}\n«cluster: two\n', 'the key "cluster" is there twice'],
    ['an unclosed quote', 'cluster: "shop\n«', 'the closing quote " is missing'],
    [
      'an unclosed list',
      'cluster: shop\nhosts: { a: { address: 10.0.0.1 }\n«directors: [lb1]\n',
      'the "}" that closes what was opened above is missing',
    ],
    ['a leading zero', `${base}vrrp: { VI_1: { vrid: «051 } }\n`, '051 is ambiguous: 51 in YAML 1.2, octal elsewhere'],
    [
      'an unquoted exclusion',
      `${base}nginx: { www: { hosts: [web*, «!web2], root: /srv } }\n`,
      '"!web2" is a YAML tag here',
    ],
    [
      'an unquoted intersection',
      `${base}nginx: { www: { hosts: [web*, «&webs], root: /srv } }\n`,
      '"&webs" is a YAML anchor here',
    ],
    ['an unquoted star', `${base}nginx: { www: { hosts: [«*1], root: /srv } }\n`, 'nothing is anchored as "1"'],
    ['an alias inside itself', 'cluster: shop\nhosts: &a { lb1: «*a }\n', 'stands inside what it names'],
    ['a second document', `${base}«---\ncluster: two\n`, 'second YAML document'],
    ['YAML 1.1', '«%YAML 1.1\n---\ncluster: shop\n', 'YAML 1.1'],
    ['__proto__', 'cluster: shop\nhosts: { «__proto__: { address: 10.0.0.1 } }\n', '"__proto__" cannot be a key'],
    ['a list as a key', 'cluster: shop\nhosts: { «[a]: 1 }\n', 'a key must be plain text'],
    ['an empty key', 'cluster: shop\n«: 1\n', 'a key must be plain text'],
    ['a merge of no map', 'cluster: shop\n<<: «5\n', 'needs a map'],
  ])('%s', (_, written, message) => {
    const { text, line, column } = marked(written);
    expect(problems(text)[0]).toMatchObject({
      rule: 'yaml',
      line,
      column,
      message: expect.stringContaining(message) as unknown,
    });
  });

  test('nothing at all', () => {
    for (const text of ['', '\n', '# only a comment\n', '---\n', '{}']) {
      expect(problems(text), JSON.stringify(text)).toMatchObject([
        { rule: 'empty', line: 0, hint: expect.stringContaining('hosts:\n  lb1: { address: 10.77.0.11 }') as unknown },
      ]);
    }
  });

  test('an alias bomb, deep nesting and a large file are refused, soon', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'.split('').map(
        (name, n) =>
          `${name}: &${name} [${Array(10)
            .fill(`*${'abcdefgh'[n] ?? ''}`)
            .join(', ')}]`,
      ),
    ];
    expect(problems(bomb.join('\n'))[0]?.message).toContain('aliases blow the inventory up');
    expect(problems('['.repeat(500_000))[0]?.message).toContain('nested deeper');
    expect(problems('a: '.repeat(300_000))[0]?.rule).toBe('yaml');
    expect(problems('- '.repeat(500_000))[0]?.message).toContain('nested deeper');
    expect(problems(' '.repeat(2_000_000))[0]?.message).toContain('larger than 1 MiB');
  });
});

describe('what YAML allows', () => {
  test('ranges inside braces, as in the example, and in lists', () => {
    const read = cluster(
      `${base}nginx: { www: { hosts: [web[1:2]], root: /srv } }\nvars: { text: "a[1:2]", list: [[1, 2]], key[1:2]: 1 }\n`,
    );
    expect(read.hosts.map(({ addresses }) => addresses[0]?.address)).toEqual([
      '10.77.0.11',
      '10.77.0.12',
      '10.77.0.13',
      '10.77.0.14',
      '10.77.0.15',
      '10.77.0.16',
    ]);
    expect(read.sites[0]?.hosts).toEqual(['web1', 'web2']);
    expect(read.hosts[0]?.vars).toEqual({ text: 'a[1:2]', list: [[1, 2]], 'key[1:2]': 1 });
  });

  test('anchors, aliases and merge keys', () => {
    const text = `cluster: shop
vars: { base: &base { port: 22, user: admin } }
hosts:
  a: { address: 10.0.0.1, ssh: *base }
  b: { address: 10.0.0.2, ssh: { <<: *base, user: root } }
`;
    expect(cluster(text).hosts.map(({ ssh }) => [ssh.user, ssh.port])).toEqual([
      ['admin', 22],
      ['root', 22],
    ]);
  });

  test('Windows line ends, a byte order mark and comments', () => {
    expect(cluster(`\uFEFF# a\r\n${base.replaceAll('\n', '\r\n')}`).hosts).toHaveLength(6);
    expect(problems(`${base.replaceAll('\n', '\r\n')}directorz: 1\r\n`)).toMatchObject([{ line: 7, column: 1 }]);
  });
});

import { describe, expect, test } from 'vitest';
import { base, cluster, problems } from './reading.ts';

const app = (file: string) => `${base}apps:\n  a: { hosts: [web1], files: { /etc/a: ${file} } }\n`;

describe('apps', () => {
  test('a file has its text from the inventory, a file beside it, or a template', () => {
    const files = { '/inv/a.conf': 'text\n', '/inv/b.hbs': '{{host}}\n' };
    const texts = ['{ content: "x" }', '{ source: a.conf }', '{ template: b.hbs }'].map(
      (file) => cluster(app(file), { files }).apps[0]?.files[0]?.text,
    );
    expect(texts).toEqual([
      { type: 'plain', content: 'x' },
      { type: 'plain', content: 'text\n' },
      { type: 'template', path: '/inv/b.hbs', source: '{{host}}\n' },
    ]);
  });

  test.each([
    ['{ content: x }', '0644'],
    ['{ content: x, secret: true }', '0600'],
    ['{ content: x, mode: "0640" }', '0640'],
    ['{ content: x, mode: "640" }', '0640'],
    ['{ content: x, mode: 0o640 }', '0640'],
  ])('%s has mode %s', (file, mode) => {
    expect(cluster(app(file)).apps[0]?.files[0]?.mode).toBe(mode);
  });

  test.each([
    ['{}', 'app-file', 'no text'],
    ['{ content: x, source: a }', 'app-file', 'content and source'],
    ['{ source: nowhere }', 'local-file', '/inv/nowhere cannot be read'],
  ])('%s is refused', (file, rule, message) => {
    expect(problems(app(file))).toMatchObject([{ rule, message: expect.stringContaining(message) as unknown }]);
  });

  test('a file that is not text, or too large, is not shipped', () => {
    for (const text of ['a\0b', '\uFFFD', 'x'.repeat(256 * 1024 + 1)])
      expect(problems(app('{ source: a }'), { files: { '/inv/a': text } })).toMatchObject([{ rule: 'local-file' }]);
  });
});

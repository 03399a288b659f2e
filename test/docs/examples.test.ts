import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = 'inventories';
const page = 'docs/examples.md';
const examples = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

/** What an example says of itself: its first comment. */
function purpose(name: string): string {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^#\s*/, ''))
    .join(' ')
    .replaceAll('|', '\\|');
}

test('docs/examples.md says what each example shows (vitest -u brings it up to date)', async () => {
  const rows = examples.map((name) => `| [${name}](../${folder}/${name}) | ${purpose(name)} |`);
  const table = `| example | what it shows |\n| --- | --- |\n${rows.join('\n')}`;
  const text = readFileSync(page, 'utf8');
  const between = /(<!-- prettier-ignore-start -->)[^]*(<!-- prettier-ignore-end -->)/;
  expect(text).toMatch(between);
  const whole = text.replace(between, (_all, start: string, end: string) => `${start}\n\n${table}\n\n${end}`);
  await expect(whole).toMatchFileSnapshot(`../../${page}`);
});

test.each(examples)('%s is one page', (name) => {
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(66);
  expect(purpose(name)).toMatch(/\.$/);
});

import { expect, test } from 'vitest';
import { readManifest, writeEntry, type Entry } from '../../src/manifest/manifest.ts';
import type { FileResource } from '../../src/resources/file.ts';

const conf: FileResource = {
  kind: 'file',
  path: '/srv/app.conf',
  content: '',
  mode: '0644',
  owner: 'root',
  group: 'root',
  mask: 'auth_pass',
};
const entry: Entry = {
  ref: 'file /srv/app.conf',
  stage: 'base',
  position: 3,
  resource: conf,
  before: undefined,
  feeds: [],
};

function readBack(line: string): Entry | undefined {
  const read = readManifest(`${line}\n`);
  return read.ok ? read.value.get('file /srv/app.conf') : undefined;
}

test('an entry is read as it was written', () => {
  expect(readBack(writeEntry(entry))).toMatchObject(entry);
});

test.each([
  ['an expression that runs for ever', { regexp: '(a+)+$', flags: 'g' }],
  ['a name that nobody knows', 'constructor'],
  ['nothing that is a name', 7],
])('a host that says by %s what is secret has all of it hidden', (_what, mask) => {
  const line = JSON.stringify({ ...JSON.parse(writeEntry(entry)), resource: { ...conf, mask } });
  expect(readBack(line)?.resource).toMatchObject({ mask: 'all' });
});

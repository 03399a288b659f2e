import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { journalFolder, openJournal } from '../../src/journal/journal.ts';
import { jsonLines, readRecords } from '../../src/journal/read.ts';
import { Secret } from '../../src/secret.ts';
import { holder } from '../support/run.ts';
import { makeStep } from '../support/steps.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'lvsctl-journal-'));
});
afterEach(async () => {
  await rm(state, { recursive: true, force: true });
});
const folder = (): string => join(state, 'lvsctl', 'runs');
const open = (at = holder.since, run = holder.run) =>
  openJournal({ XDG_STATE_HOME: state }, { ...holder, since: at, run }, 'shop');

test.each([
  ['$XDG_STATE_HOME', { XDG_STATE_HOME: '/state', HOME: '/home/ann' }, '/state/lvsctl/runs'],
  ['the home folder', { HOME: '/home/ann' }, '/home/ann/.local/state/lvsctl/runs'],
  [
    'the home folder where the variable is not absolute',
    { XDG_STATE_HOME: 'x', HOME: '/home/ann' },
    '/home/ann/.local/state/lvsctl/runs',
  ],
])('records stand below %s', (_where, env, expected) => {
  expect(journalFolder(env)).toBe(expected);
});

test('a run is recorded line by line, for its owner only', async () => {
  const journal = open();
  journal.listen({ type: 'connected', host: 'web1' });
  journal.listen({
    type: 'step-done',
    stage: 'base',
    host: 'web1',
    step: makeStep('file /etc/x', { sh: 'echo secret-sh' }),
  });
  journal.listen({ type: 'probing', text: 'not a word of it' });
  const [name = ''] = await readdir(folder());
  const before = jsonLines(await readFile(join(folder(), name), 'utf8'));
  journal.close(0);
  expect((await stat(join(folder(), name))).mode & 0o777).toBe(0o600);
  expect((await stat(folder())).mode & 0o777).toBe(0o700);
  expect(before).toMatchObject([
    { type: 'begun', by: 'ann@laptop', cluster: 'shop', command: 'apply' },
    { type: 'connected', host: 'web1' },
    { type: 'step-done', stage: 'base', host: 'web1', resource: 'file /etc/x' },
  ]);
  const text = await readFile(join(folder(), name), 'utf8');
  expect(text).not.toContain('secret-sh');
  expect(text).not.toContain('not a word');
  expect(jsonLines(text).at(-1)).toMatchObject({ type: 'ended', code: 0 });
});

test('no secret is in it', async () => {
  const secret = new Secret('hunter2hunter2', 'the test');
  const journal = open();
  journal.listen({ type: 'step-note', stage: 'base', host: 'web1', text: `the host says ${secret.reveal()}` });
  journal.close(1);
  const [name = ''] = await readdir(folder());
  const text = await readFile(join(folder(), name), 'utf8');
  expect(text).toContain('the host says');
  expect(text).not.toContain(secret.reveal());
});

test('records are listed newest first, with what was done and how it ended; a killed run has no end', async () => {
  const first = open('2026-11-20T10:00:00.000Z', 'aaaaaaaaaaaaaaaa');
  first.listen({ type: 'step-done', stage: 'base', host: 'web1', step: makeStep('file /etc/x') });
  first.listen({ type: 'step-done', stage: 'base', host: 'web2', step: makeStep('file /etc/x') });
  first.close(1);
  open('2026-11-21T10:00:00.000Z', 'bbbbbbbbbbbbbbbb');
  await writeFile(join(folder(), 'zzz.jsonl'), 'no record of ours\n');
  await writeFile(join(folder(), '2026-11-19-half.jsonl'), '{"type":"begun","run":');
  expect(await readRecords(folder(), 10)).toMatchObject([
    { run: 'bbbbbbbbbbbbbbbb', code: undefined, hosts: [], steps: 0 },
    { run: 'aaaaaaaaaaaaaaaa', code: 1, hosts: ['web1', 'web2'], steps: 2, command: 'apply', cluster: 'shop' },
  ]);
  expect(await readRecords(folder(), 1)).toHaveLength(1);
});

test('a folder that is not there holds nothing', async () => {
  expect(await readRecords(join(state, 'nowhere'), 10)).toEqual([]);
});

test('what cannot be recorded is said, and nothing else happens', async () => {
  await writeFile(join(state, 'lvsctl'), 'a file in the way');
  const journal = open();
  expect(journal.problems).toEqual([expect.stringContaining('This run is not recorded: ')]);
  journal.listen({ type: 'connected', host: 'web1' });
  journal.close(0);
});

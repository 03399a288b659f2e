import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkCluster, loadCluster } from '../../src/inventory/load.ts';
import { formatProblem } from '../../src/inventory/problem.ts';
import { encryptText, newIdentity } from '../../src/secrets/age.ts';
import { base } from '../inventory/reading.ts';
import { sharedFolder } from './folder.ts';

const folder = sharedFolder();
const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'] };
let armoured: string;

beforeAll(async () => {
  const { identity, recipient } = await newIdentity();
  env['LVSCTL_AGE_IDENTITY'] = join(folder.path, 'age.txt');
  writeFileSync(env['LVSCTL_AGE_IDENTITY'], `${identity}\n`, { mode: 0o600 });
  const done = await encryptText('sesame', [recipient]);
  armoured = done.ok ? done.value : '';
});

/** An inventory with two VRRP instances, each with its password; the log gets a line whenever the command runs. */
function inventory(name: string, one: string, two: string, mode = 0o644): { file: string; log: string } {
  const [file, log] = [join(folder.path, `${name}.yaml`), join(folder.path, `${name}.log`)];
  const text = `${base}services:
  www: { vip: 10.77.0.100, port: 80, realServers: [web1] }
  api: { vip: 10.77.0.101, port: 80, realServers: [web1] }
vrrp:
  A: { vips: [10.77.0.100], vrid: 51, authPass: ${one} }
  B: { vips: [10.77.0.101], vrid: 52, authPass: ${two} }
`;
  writeFileSync(file, text.replaceAll('LOG', log));
  chmodSync(file, mode);
  return { file, log };
}

const count = (value: string) => `{ command: [sh, -c, 'echo ran >>"$1"; echo ${value}', sh, LOG] }`;
const age = () => `{ age: ${JSON.stringify(armoured)} }`;

async function passwords(file: string): Promise<unknown> {
  const loaded = await loadCluster(file, env);
  if (!loaded.ok) return loaded.error.map((problem) => formatProblem(problem)).join('\n');
  return loaded.value.vrrp.map(({ authPass }) => [authPass?.reveal(), authPass?.source]);
}

describe('secrets that have to be asked for', () => {
  test('come from a command and from age', async () => {
    const { file } = inventory('both', count('opensesm'), age());
    expect(await passwords(file)).toEqual([
      ['opensesm', 'command sh'],
      ['sesame', 'the inventory, decrypted'],
    ]);
  });

  test('come from a block of age', async () => {
    const { file } = inventory('block', 'x', 'y');
    const block = `authPass:\n      age: |\n${armoured.replaceAll(/^(?=.)/gm, '        ')}`;
    const text = readFileSync(file, 'utf8').replace(
      / {2}B: .*/,
      `  B:\n    vips: [10.77.0.101]\n    vrid: 52\n    ${block}`,
    );
    writeFileSync(file, text);
    expect(await passwords(file)).toEqual([
      ['x', 'the inventory'],
      ['sesame', 'the inventory, decrypted'],
    ]);
  });

  test('are asked for once, however often they are written', async () => {
    const { file, log } = inventory('twice', count('same'), count('same'));
    expect(await passwords(file)).toEqual([
      ['same', 'command sh'],
      ['same', 'command sh'],
    ]);
    expect(readFileSync(log, 'utf8')).toBe('ran\n');
  });

  test('are asked for only when all else is sound', async () => {
    const { file, log } = inventory('unsound', count('same'), '{ env: NOT_SET }');
    expect(await passwords(file)).toMatch(/^[^\n]*NOT_SET is not set[^\n]*\n[^]*$/);
    expect(existsSync(log)).toBe(false);
  });

  test('are not asked for by a mere check, which finds nothing wrong with them', async () => {
    const { file, log } = inventory('check', count('same'), age());
    expect((await checkCluster(file, { PATH: process.env['PATH'] })).ok).toBe(true);
    expect(existsSync(log)).toBe(false);
  });

  test('meet the rules like all others, and are not shown', async () => {
    const { file } = inventory('long', count('far-too-long-for-it'), age());
    const said = await passwords(file);
    expect(said).toMatch(/:11:\d+: the password of A \(command sh\) is 19 characters long/);
    expect(said).not.toContain('far-too');
  });

  test.each([
    [
      'of a command that fails',
      '{ command: ["false"] }',
      /:11:\d+: the secret's command false failed with exit code 1/,
    ],
    ['of a command that is not there', '{ command: [no-such-program] }', /cannot be started: there is no such program/],
    ['that is no armour', '{ age: hunter2 }', /:11:\d+: this is no text that age encrypted/],
    ['without a command', '{ command: [] }', /the list is empty/],
    ['with a line break in a word', '{ command: ["a\\nb"] }', /:11:/],
    ['from two places', '{ env: A, file: b }', /:11:/],
  ])('are refused at their place: %s', async (_, written, message) => {
    const said = await passwords(inventory('bad', written, 'y').file);
    expect(said).toMatch(message);
    expect(said).not.toContain('hunter2');
  });

  test('are refused without an identity', async () => {
    const { file } = inventory('locked', 'x', age());
    const loaded = await loadCluster(file, { HOME: '/nonexistent' });
    expect(loaded.ok ? '' : loaded.error.map((one) => formatProblem(one)).join()).toMatch(/no identity file[^]*keygen/);
  });

  test('name no program to run where anybody may write the inventory', async () => {
    const { file, log } = inventory('open', count('same'), 'y', 0o646);
    expect(await passwords(file)).toMatch(/command sh is not run: anybody may write/);
    expect(existsSync(log)).toBe(false);
  });
});

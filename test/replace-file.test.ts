import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replaceFile } from '../src/replace-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvsctl-replace-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('a file that is replaced', () => {
  test.each([
    [0o600, '600'],
    [0o644, '644'],
  ])('has just the mode %o, whatever was there, and nothing else is left', async (wanted, shown) => {
    const path = join(folder, 'plan.json');
    for (const before of [undefined, 0o666, 0o400]) {
      if (before !== undefined) {
        writeFileSync(path, 'old');
        chmodSync(path, before);
      }
      await replaceFile(path, 'new', wanted);
      expect([readFileSync(path, 'utf8'), mode(path), readdirSync(folder)]).toEqual(['new', shown, ['plan.json']]);
      rmSync(path);
    }
  });

  test('keeps its mode where that is wanted', async () => {
    const path = join(folder, 'lvsctl.yaml');
    writeFileSync(path, 'old');
    chmodSync(path, 0o640);
    await replaceFile(path, 'new', 'keep');
    expect([readFileSync(path, 'utf8'), mode(path)]).toEqual(['new', '640']);
  });

  test('is what a link leads to, and the link stays', async () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'a'), 'old');
    symlinkSync('real/a', join(folder, 'a'));
    await replaceFile(join(folder, 'a'), 'new', 'keep');
    expect(readFileSync(join(folder, 'real', 'a'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'real'))).toEqual(['a']);
  });

  test('is as it was when the new one cannot be put in its place', async () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'b'), 'old');
    await expect(replaceFile(join(folder, 'a'), 'new', 0o600)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['a']);
    await expect(replaceFile(join(folder, 'none', 'b'), 'new', 0o600)).rejects.toThrow('ENOENT');
  });
});

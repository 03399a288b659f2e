import { spawn } from 'node:child_process';
import { accessSync, chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'lvsctl-verify-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** A new folder that goes when the tests of the file have run. */
export function scratch(prefix: string): string {
  return mkdtempSync(join(root, prefix));
}

/** A folder of commands to be found before, or instead of, those of the machine. */
export class Commands {
  readonly folder = scratch('commands-');

  /** A command of our own, in sh. */
  fake(name: string, sh: string): this {
    writeFileSync(join(this.folder, name), `#!/bin/sh\n${sh}\n`);
    chmodSync(join(this.folder, name), 0o755);
    return this;
  }

  /** Real commands, where only what is in this folder is to be found. */
  real(...names: readonly string[]): this {
    for (const name of names) symlinkSync(whereIs(name), join(this.folder, name));
    return this;
  }
}

/** Where the machine has a command. */
export function whereIs(name: string): string {
  const found = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path);
        return true;
      } catch {
        return false;
      }
    });
  if (found === undefined) throw new Error(`this machine has no ${name}`);
  return found;
}

/** Runs a section's sh as a frame does: in /bin/sh, without standard input. */
export function runSection(sh: string, path: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', 'eval "$(/bin/cat)"'], { env: { PATH: path, LC_ALL: 'C' } });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? -1, output });
    });
    child.stdin.end(`{\n${sh}\n}\n`);
  });
}

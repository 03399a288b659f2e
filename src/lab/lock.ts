import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabFailure } from './failure.ts';

/**
 * Does something while no other process holds the lock `file`. The lock is flock(2)'s: the kernel frees it when its
 * holder ends, however that happens, so that a dead holder never blocks anybody.
 */
export async function locked<T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const release = (await acquire(file, ['--nonblock'])) ?? (onWait(), await acquire(file, []));
  if (release === undefined) throw new LabFailure(`cannot lock ${file}`, 'flock(1) of package util-linux is needed');
  try {
    return await work();
  } finally {
    await release();
  }
}

/** The lock is held by a child that ends when its standard input does: with us at the latest. */
function acquire(file: string, flags: readonly string[]): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve) => {
    const child = spawn('flock', [...flags, '--no-fork', file, 'sh', '-c', 'echo locked; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    child.on('error', () => {
      resolve(undefined);
    });
    const ended = new Promise<void>((done) => {
      child.on('exit', () => {
        resolve(undefined);
        done();
      });
    });
    child.stdin.on('error', () => undefined);
    child.stdout.once('data', () => {
      resolve(() => {
        child.stdin.end();
        return ended;
      });
    });
  });
}

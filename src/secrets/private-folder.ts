import {
  mkdtempSync,
  openSync,
  closeSync,
  fstatSync,
  writeSync,
  fsyncSync,
  readdirSync,
  rmSync,
  statSync,
  lstatSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes a folder with a name that nobody can guess, for its owner alone: in memory where there is such a place
 * (XDG_RUNTIME_DIR when it is the operator's alone, /dev/shm), else among the temporary files.
 */
export function makePrivateFolder(env: NodeJS.ProcessEnv): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  const places = [...(runtime !== undefined && isOwn(runtime) ? [runtime] : []), '/dev/shm', tmpdir()];
  for (const place of places) {
    try {
      // mkdtemp(3): six random characters, mode 0700, and never something that is there already.
      return mkdtempSync(join(place, 'lvsctl-'));
    } catch {
      // The next place.
    }
  }
  throw new Error(`no folder can be made in ${places.join(', ')}`);
}

function isOwn(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

/** Overwrites every file in a folder and removes it: also what an editor left there. */
export function shredFolder(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const file = join(folder, name);
    if (lstatSync(file).isFile()) overwrite(file);
  }
  rmSync(folder, { recursive: true });
}

function overwrite(file: string): void {
  try {
    const descriptor = openSync(file, 'r+');
    try {
      const zeros = Buffer.alloc(64 * 1024);
      for (let left = fstatSync(descriptor).size; left > 0; left -= zeros.length)
        writeSync(descriptor, zeros, 0, Math.min(left, zeros.length));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // What cannot be overwritten is still removed.
  }
}

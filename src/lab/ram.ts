import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Where the hosts' memory lies as deleted files: shared memory if it is large enough for so many MiB, else temporary files. */
export function ramFolder(mebibytes: number): string {
  const shared = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(shared);
    return bavail * bsize >= mebibytes * 1024 * 1024 ? shared : tmpdir();
  } catch {
    return tmpdir();
  }
}

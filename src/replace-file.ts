import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes a file in one go: a reader sees the old text or the new one. The temporary file beside it has a name that nobody can have
 * prepared anything under, and is opened only if nothing is there: in a folder that all may write to (/tmp), nobody else gets to own
 * what is written. A link is followed, and what it leads to replaced.
 *
 * @param mode of the file from its first byte on, octal; `keep`: that of the file that is there, with its owner.
 */
export async function replaceFile(path: string, text: string, mode: number | 'keep'): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const before = mode === 'keep' ? await stat(target) : undefined;
  const temporary = join(dirname(target), `.lvsctl-${randomBytes(12).toString('hex')}`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    try {
      if (before !== undefined && before.uid !== process.getuid?.()) await handle.chown(before.uid, before.gid);
      await handle.chmod(before === undefined ? Number(mode) : before.mode & 0o7777);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

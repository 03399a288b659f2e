import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import type { SecretTrouble } from './trouble.ts';

/** No identity file is larger; what is larger is not read. */
const mostBytes = 64 * 1024;

/** Where the identities are: LVSCTL_AGE_IDENTITY, else `~/.config/lvsctl/age.txt`. */
export function identityFile(env: NodeJS.ProcessEnv): string {
  return env['LVSCTL_AGE_IDENTITY'] ?? join(env['HOME'] ?? '/', '.config', 'lvsctl', 'age.txt');
}

/**
 * The age identities (private keys) of the operator: a line each, `#` begins a comment, as age-keygen(1) writes them. A file
 * that another than its owner may read or write is refused, and so is one that belongs to neither the operator nor root.
 */
export function readIdentities(env: NodeJS.ProcessEnv): Result<readonly string[], SecretTrouble> {
  const file = identityFile(env);
  const text = readPrivate(file);
  if (!text.ok) return text;
  const lines = text.value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const strange = lines.findIndex((line) => !/^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/.test(line));
  if (strange >= 0 || lines.length === 0) {
    const what =
      lines.length === 0 ? 'holds no identity' : `holds something else than identities (entry ${strange + 1})`;
    return err({
      message: `${file} ${what}`,
      hint: 'an identity is a line AGE-SECRET-KEY-1…, as "lvsctl secret keygen" makes',
    });
  }
  return ok(lines);
}

function readPrivate(file: string): Result<string, SecretTrouble> {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return err({ message: `${file} cannot be read: ${code ?? String(error)}` });
    return err({
      message: `there is no identity file ${file}`,
      hint: 'make one by "lvsctl secret keygen", or name yours in LVSCTL_AGE_IDENTITY',
    });
  }
  try {
    // The opened file is looked at, so that it cannot be exchanged between the look and the reading.
    const { mode, uid, size } = fstatSync(descriptor);
    if ((mode & 0o077) !== 0) {
      return err({ message: `others may read the identity file ${file}`, hint: `chmod 600 ${file}` });
    }
    const self = process.getuid?.() ?? uid;
    if (uid !== self && uid !== 0) return err({ message: `the identity file ${file} belongs to somebody else` });
    if (size > mostBytes) return err({ message: `${file} is larger than ${mostBytes / 1024} KiB` });
    const bytes = Buffer.alloc(mostBytes);
    return ok(bytes.subarray(0, readSync(descriptor, bytes, 0, mostBytes, null)).toString());
  } catch (error) {
    return err({ message: `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}` });
  } finally {
    closeSync(descriptor);
  }
}

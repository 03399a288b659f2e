import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import { AskedSecrets, type Answered } from '../secrets/asked.ts';
import type { Cluster } from './cluster.ts';
import type { Problem } from './problem.ts';
import { readCluster } from './read.ts';
import { mostCharacters } from './yaml/parse.ts';

/**
 * Reads the inventory in a file. Every problem found is returned, in file order. When all is sound but for secrets that have to be
 * asked for, they are, and it is read again with them.
 */
export async function loadCluster(file: string, env: NodeJS.ProcessEnv): Promise<Result<Cluster, Problem[]>> {
  const asked = new AskedSecrets();
  const first = await readOnce(file, env, asked.answered);
  if (!first.ok || !asked.waiting) return first;
  const absolute = resolve(file);
  await asked.ask(absolute, { folder: dirname(absolute), env });
  return readOnce(file, env, asked.answered);
}

/**
 * Reads the inventory in a file and nothing more: no program that it names is run, and nothing is decrypted. What rules say of
 * such secrets is left out. Fit for an inventory that is not trusted.
 */
export function checkCluster(file: string, env: NodeJS.ProcessEnv): Promise<Result<Cluster, Problem[]>> {
  return readOnce(file, env, () => undefined);
}

async function readOnce(file: string, env: NodeJS.ProcessEnv, answered: Answered): Promise<Result<Cluster, Problem[]>> {
  const absolute = resolve(file);
  const fail = (message: string, hint?: string): Result<never, Problem[]> =>
    err([{ rule: 'file', file, line: 0, column: 0, path: '', message, ...(hint === undefined ? {} : { hint }) }]);
  let bytes: Buffer;
  try {
    const { size } = await stat(absolute);
    if (size > mostCharacters) return fail(`the inventory is larger than ${mostCharacters / 1_048_576} MiB`);
    bytes = await readFile(absolute);
  } catch (error) {
    return fail(`the inventory ${absolute} cannot be read: ${reasonOf(error)}`, '-i FILE names another inventory');
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail('the inventory is not UTF-8 text', 'save it as UTF-8');
  }
  const digest = createHash('sha256').update(bytes).digest('hex');
  return readCluster(text, { file: absolute, digest, shown: file }, { env, readFile: readText, isFolder, answered });
}

function readText(path: string): Result<string, string> {
  try {
    return ok(readFileSync(path, 'utf8'));
  } catch (error) {
    return err(reasonOf(error));
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is not a folder',
  };
  return words[code] ?? (code === '' ? String(error) : code);
}

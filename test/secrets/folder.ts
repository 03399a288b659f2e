import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A folder that the tests of a file share; it is gone when they are done. */
export function sharedFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeAll(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'lvsctl-secrets-'));
  });
  afterAll(() => {
    rmSync(folder.path, { recursive: true });
  });
  return folder;
}

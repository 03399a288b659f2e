import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { home } from '../installation.ts';

/** The version in package.json. */
export function version(): string {
  const text = readFileSync(join(home, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

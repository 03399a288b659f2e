import { Secret } from '../../secret.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { localFile } from './settings.ts';

/** A secret as it is written: itself, or where it is. */
export type WrittenSecret = string | { readonly env: string } | { readonly file: string };

/** Gets a secret; what cannot be got is reported at its place. */
export function resolveSecret(written: WrittenSecret, path: Path, context: Context): Secret | undefined {
  if (typeof written === 'string') return new Secret(written, 'the inventory');
  if ('env' in written) {
    const value = context.around.env[written.env];
    if (value !== undefined) return new Secret(value, `environment variable ${written.env}`);
    context.report(
      'secret',
      [...path, 'env'],
      `the environment variable ${written.env} is not set`,
      `export ${written.env} before running lvsctl`,
    );
    return undefined;
  }
  const file = localFile(written.file, context);
  const read = context.around.readFile(file);
  if (read.ok) return new Secret(read.value.replace(/\r?\n$/, ''), `file ${file}`);
  context.report('secret', [...path, 'file'], `the secret's file ${file} cannot be read: ${read.error}`);
  return undefined;
}

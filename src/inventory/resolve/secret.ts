import { Secret } from '../../secret.ts';
import type { Result } from '../../result.ts';
import type { AskedSecret } from '../../secrets/asked.ts';
import type { SecretTrouble } from '../../secrets/trouble.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { localFile } from './settings.ts';

/** Where a secret is, as it is written. */
export type WrittenSource = { readonly env: string } | { readonly file: string } | AskedSecret;

/** A secret as it is written: itself, or where it is. */
export type WrittenSecret = string | WrittenSource;

/**
 * Gets a secret; what cannot be got is reported at its place. Undefined as well when it has to be asked for first: then the
 * surroundings have noted it, and the inventory is read again.
 */
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
  if ('file' in written) {
    const file = localFile(written.file, context);
    const read = context.around.readFile(file);
    if (read.ok) return new Secret(read.value.replace(/\r?\n$/, ''), `file ${file}`);
    context.report('secret', [...path, 'file'], `the secret's file ${file} cannot be read: ${read.error}`);
    return undefined;
  }
  const answer = context.around.answered(written);
  return answer === undefined ? undefined : taken(answer, written, path, context);
}

function taken(
  answer: Result<string, SecretTrouble>,
  written: AskedSecret,
  path: Path,
  context: Context,
): Secret | undefined {
  const command = 'command' in written ? (written.command[0] ?? '') : undefined;
  if (answer.ok)
    return new Secret(answer.value, command === undefined ? 'the inventory, decrypted' : `command ${command}`);
  const { message, hint } = answer.error;
  if (command === undefined)
    context.report('secret', [...path, 'age'], `the secret cannot be decrypted: ${message}`, hint);
  else context.report('secret', [...path, 'command'], `the secret's command ${command} ${message}`, hint);
  return undefined;
}

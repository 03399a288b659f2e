import * as z from 'zod';
import { required } from './key.ts';
import { ageRecipient, ageText, commandWord, envName, localPath } from './text.ts';

const sources = [
  z.strictObject({ env: required(envName, 'Environment variable that holds it.') }),
  z.strictObject({
    file: required(localPath, 'File that holds it, relative to the inventory; a final line break is dropped.'),
  }),
  z.strictObject({
    command: required(
      z.array(commandWord).min(1),
      'Program of this machine that prints it, and its arguments, an entry each; no shell reads them. A final line break is dropped.',
    ),
  }),
  z.strictObject({ age: required(ageText, 'The secret itself, encrypted by `lvsctl secret encrypt` or age(1).') }),
] as const;

/** Where a secret is, if not in the inventory as it is. */
export const secretSource = z.union(sources).meta({ title: 'where a secret is' });

/** A secret: the text itself, or where it is. */
export const secret = z.union([z.string(), ...sources]).meta({ title: 'a secret' });

/** What holds for the secrets in the inventory. */
export const secrets = z.strictObject({
  recipients: required(
    z.array(ageRecipient).min(1),
    'age recipients, `age1…`: those who may open what `lvsctl secret encrypt` and `edit` write.',
  ),
});

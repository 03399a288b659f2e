import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '../../../result.ts';
import { replaceFile } from '../../../replace-file.ts';
import { recipientsOf } from '../../../secrets/age.ts';
import { identityFile, readIdentities } from '../../../secrets/identity.ts';
import { readInventoryText, type InventoryText } from '../../../secrets/inventory-text.ts';
import type { SecretTrouble } from '../../../secrets/trouble.ts';

/** The inventory of a command: as named, or the default one. */
export function inventoryFile(named: string | undefined, env: NodeJS.ProcessEnv): string {
  return named ?? env['LVSCTL_INVENTORY'] ?? 'lvsctl.yaml';
}

/** Reads the inventory as text; nothing in it needs to make sense but the YAML. */
export async function openInventory(file: string): Promise<Result<InventoryText, SecretTrouble>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return err({
      message: `${file} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : (code ?? String(error))}`,
      hint: '-i FILE names another inventory',
    });
  }
  const read = readInventoryText(text);
  return read.ok ? read : err({ ...read.error, message: `${file} ${read.error.message}` });
}

/** Writes the changed text in one go, unless somebody else has changed the file since it was read. */
export async function replaceInventory(
  file: string,
  before: string,
  after: string,
): Promise<Result<void, SecretTrouble>> {
  if ((await readFile(file, 'utf8')) !== before)
    return err({ message: `${file} was changed by somebody else in the meantime`, hint: 'try again' });
  await replaceFile(file, after, 'keep');
  return ok(undefined);
}

/** For whom to encrypt: those of the inventory, else the operator alone. */
export async function chosenRecipients(
  recipients: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Result<readonly string[], SecretTrouble>> {
  if (recipients.length > 0) return ok(recipients);
  const identities = readIdentities(env);
  if (identities.ok) return ok(await recipientsOf(identities.value));
  return err({
    message: `there is nobody to encrypt for: the inventory has no secrets.recipients, and ${identities.error.message}`,
    hint: `make an identity in ${identityFile(env)} by "lvsctl secret keygen"`,
  });
}

/** What went wrong, for the terminal. */
export function complaint({ message, hint }: SecretTrouble): string {
  return hint === undefined ? message : `${message}\n  hint: ${hint}`;
}

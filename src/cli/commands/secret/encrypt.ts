import { parsePath } from '../../../inventory/yaml/path.ts';
import { err, ok, type Result } from '../../../result.ts';
import { encryptText } from '../../../secrets/age.ts';
import { asYaml, withEncrypted, type InventoryText } from '../../../secrets/inventory-text.ts';
import type { SecretTrouble } from '../../../secrets/trouble.ts';
import { exit, Output, type Terminal } from '../../context.ts';
import { chosenRecipients, complaint, inventoryFile, openInventory, replaceInventory } from './inventory-file.ts';

/** The most bytes that are taken for a secret. */
const mostBytes = 256 * 1024;

/** The flags of `lvsctl secret encrypt`. */
export interface EncryptFlags {
  readonly inventory?: string | undefined;
  readonly inPlace?: string | undefined;
  readonly recipient?: readonly string[] | undefined;
}

/**
 * `lvsctl secret encrypt`: standard input, or what is typed without being shown, as an encrypted value: printed to be pasted, or
 * put in its place in the inventory. A final line break is dropped.
 */
export async function secretEncrypt(terminal: Terminal, flags: EncryptFlags): Promise<number> {
  const out = new Output(terminal, { color: false });
  const fail = (trouble: SecretTrouble, code: number = exit.failed): number => {
    out.error(complaint(trouble));
    return code;
  };
  const path = flags.inPlace === undefined ? undefined : parsePath(flags.inPlace);
  if (flags.inPlace !== undefined && path === undefined)
    return fail({ message: `"${flags.inPlace}" is no path`, hint: 'write it as in vrrp.VI_1.authPass' }, exit.usage);
  const file = inventoryFile(flags.inventory, terminal.env);
  const inventory = await openInventory(file);
  const needed = flags.inPlace !== undefined || flags.inventory !== undefined;
  if (!inventory.ok && needed) return fail(inventory.error);
  const written = flags.recipient ?? (inventory.ok ? inventory.value.recipients : []);
  const recipients = await chosenRecipients(written, terminal.env);
  if (!recipients.ok) return fail(recipients.error);
  if (path !== undefined && inventory.ok) {
    // Whether it can be put there is found out before anything is asked for.
    const fits = withEncrypted(inventory.value, path, sample);
    if (!fits.ok) return fail(fits.error, exit.usage);
  }
  const secret = await readSecret(terminal);
  if (!secret.ok) return fail(secret.error);
  const encrypted = await encryptText(secret.value, recipients.value);
  if (!encrypted.ok) return fail(encrypted.error, exit.usage);
  if (path === undefined || !inventory.ok) {
    out.line(asYaml(encrypted.value).trimEnd());
    return exit.ok;
  }
  const put = await putThere(file, inventory.value, path, encrypted.value);
  if (!put.ok) return fail(put.error);
  out.error(`${flags.inPlace ?? ''} in ${file} is encrypted now. What stood there before may be in its history.`);
  return exit.ok;
}

/** Stands for an encrypted value. */
const sample = '-----BEGIN AGE ENCRYPTED FILE-----\nYQ==\n-----END AGE ENCRYPTED FILE-----\n';

async function putThere(
  file: string,
  inventory: InventoryText,
  path: readonly (string | number)[],
  armoured: string,
): Promise<Result<void, SecretTrouble>> {
  const changed = withEncrypted(inventory, path, armoured);
  return changed.ok ? replaceInventory(file, inventory.text, changed.value) : changed;
}

async function readSecret(terminal: Terminal): Promise<Result<string, SecretTrouble>> {
  if (terminal.stdin.isTTY) {
    const { askSecret } = await import('../../../ui/ask.ts');
    const typed = await askSecret('The secret', terminal);
    return typed === undefined || typed === '' ? err({ message: 'nothing was typed' }) : ok(typed);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of terminal.stdin) {
    const bytes = Buffer.from(chunk as Buffer);
    size += bytes.length;
    if (size > mostBytes) return err({ message: `standard input is larger than ${mostBytes / 1024} KiB` });
    chunks.push(bytes);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return err({ message: 'standard input is not UTF-8 text' });
  }
  const secret = text.replace(/\r?\n$/, '');
  return secret === '' ? err({ message: 'there is nothing on standard input to encrypt' }) : ok(secret);
}

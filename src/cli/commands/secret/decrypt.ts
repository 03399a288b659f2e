import { parsePath, showPath } from '../../../inventory/yaml/path.ts';
import { decryptText } from '../../../secrets/age.ts';
import { readIdentities } from '../../../secrets/identity.ts';
import { valueAt } from '../../../secrets/inventory-text.ts';
import { isDeepStrictEqual } from 'node:util';
import type { SecretTrouble } from '../../../secrets/trouble.ts';
import { exit, Output, type Terminal } from '../../context.ts';
import { complaint, inventoryFile, openInventory } from './inventory-file.ts';

/**
 * `lvsctl secret decrypt PATH`: one encrypted value of the inventory, in clear on standard output. This is the one output that is
 * meant to hold a secret, and so the secret is not made known to what masks them.
 */
export async function secretDecrypt(
  terminal: Terminal,
  flags: { readonly inventory?: string | undefined },
  written: string,
): Promise<number> {
  const out = new Output(terminal, { color: false });
  const fail = (trouble: SecretTrouble, code: number = exit.failed): number => {
    out.error(complaint(trouble));
    return code;
  };
  const path = parsePath(written);
  if (path === undefined)
    return fail({ message: `"${written}" is no path`, hint: 'write it as in vrrp.VI_1.authPass' }, exit.usage);
  const inventory = await openInventory(inventoryFile(flags.inventory, terminal.env));
  if (!inventory.ok) return fail(inventory.error);
  const { encrypted, value } = inventory.value;
  const found = encrypted.find((one) => isDeepStrictEqual(one.path, path));
  if (found === undefined) {
    const there = valueAt(value, path) === undefined ? 'nothing' : 'nothing encrypted';
    const known = encrypted.map((one) => showPath(one.path)).join(', ');
    return fail(
      {
        message: `${there} stands at ${written}`,
        hint: known === '' ? 'nothing is encrypted there' : `encrypted are: ${known}`,
      },
      exit.usage,
    );
  }
  const identities = readIdentities(terminal.env);
  if (!identities.ok) return fail(identities.error);
  const opened = await decryptText(found.armoured, identities.value);
  if (!opened.ok) return fail({ ...opened.error, message: `${written}: ${opened.error.message}` });
  out.line(opened.value);
  return exit.ok;
}

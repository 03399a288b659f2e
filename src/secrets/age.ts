import { err, ok, type Result } from '../result.ts';
import { printableLine } from '../ssh/printable.ts';
import type { SecretTrouble } from './trouble.ts';

/*
 * Encryption by age (age-encryption.org/v1), texts in its armour. The library is loaded when it is needed: most runs need it not.
 */

/** The first line of an armoured age file. */
export const armourStart = '-----BEGIN AGE ENCRYPTED FILE-----';

/** Encrypts a text so that the owner of any of the recipients can open it. */
export async function encryptText(text: string, recipients: readonly string[]): Promise<Result<string, SecretTrouble>> {
  const { Encrypter, armor } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      return err({
        message: `"${printableLine(recipient, 80)}" is no age recipient`,
        hint: 'a recipient is what "lvsctl secret keygen" prints: age1…',
      });
    }
  }
  return ok(armor.encode(await encrypter.encrypt(text)));
}

/** Opens an armoured text with the first identity that fits. */
export async function decryptText(
  armoured: string,
  identities: readonly string[],
): Promise<Result<string, SecretTrouble>> {
  const { Decrypter, armor } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const [index, identity] of identities.entries()) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      return err({ message: `identity ${index + 1} of the identity file is damaged` });
    }
  }
  let bytes: Uint8Array;
  try {
    bytes = await decrypter.decrypt(armor.decode(armoured.trim()));
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/no identity matched/.test(message))
      return err({
        message: 'it is encrypted for others: none of your identities opens it',
        hint: 'let somebody who can open it add your recipient to secrets.recipients and encrypt it again',
      });
    return err({ message: 'it is damaged: age cannot open it', hint: 'was a line of it lost or changed?' });
  }
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return err({ message: 'what it holds is not UTF-8 text' });
  }
}

/** A new identity and its recipient. X25519, which every age since 1.0 knows. */
export async function newIdentity(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The recipients that belong to identities. */
export async function recipientsOf(identities: readonly string[]): Promise<readonly string[]> {
  const { identityToRecipient } = await import('age-encryption');
  return Promise.all(identities.map((identity) => identityToRecipient(identity)));
}

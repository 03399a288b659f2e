import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { ParsedKey } from 'ssh2';

/** The hash that a type of key signs with, where the server does not choose it (RFC 5656 6.2.1); ed25519 has its own. */
const hashes: Readonly<Record<string, string>> = {
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
};

/**
 * A private key that is open. ssh2 has the text of a key taken apart for each signature, which takes longer than signing; with
 * this, a run does it once.
 */
export class SigningKey {
  readonly #parsed: ParsedKey;
  #key: KeyObject | undefined;

  constructor(parsed: ParsedKey) {
    this.#parsed = parsed;
  }

  /** Signs as {@link ParsedKey.sign} does; throws when the key cannot be used. */
  sign(data: Buffer, hash: string | undefined): Buffer {
    this.#key ??= createPrivateKey(this.#parsed.getPrivatePEM());
    return sign(hash ?? hashes[this.#parsed.type] ?? null, data, this.#key);
  }
}

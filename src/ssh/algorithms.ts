import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';

/** Public key types of host keys that can be verified, and the signature algorithms that use them, best first. */
const hostKeyAlgorithms: ReadonlyMap<string, readonly ServerHostKeyAlgorithm[]> = new Map([
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  // RFC 8332. The same key with a SHA-1 signature is called ssh-rsa: never offered.
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
]);

/** Whether a host key of this type can be verified at all; DSA, FIDO keys and certificates cannot. */
export function isVerifiable(keyType: string): boolean {
  return hostKeyAlgorithms.has(keyType);
}

/**
 * What is offered to every server: nothing with SHA-1, CBC or a group below 2,048 bits, no compression. AES-GCM comes first
 * because Node does it natively (ChaCha20 is WebAssembly in ssh2) and because it is not open to Terrapin (CVE-2023-48795).
 *
 * @param knownTypes types of the keys that are already known for this host: they are asked for first, as OpenSSH does, so that a
 * host that is known by its RSA key only does not look changed.
 */
export function algorithms(knownTypes: readonly string[] = []): Algorithms {
  const types = [...hostKeyAlgorithms.keys()];
  const ordered = [
    ...types.filter((type) => knownTypes.includes(type)),
    ...types.filter((t) => !knownTypes.includes(t)),
  ];
  return {
    kex: [
      'ecdh-sha2-nistp256',
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group14-sha256',
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group-exchange-sha256',
    ],
    cipher: [
      'aes128-gcm@openssh.com',
      'aes256-gcm@openssh.com',
      'chacha20-poly1305@openssh.com',
      'aes128-ctr',
      'aes192-ctr',
      'aes256-ctr',
    ],
    hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
    serverHostKey: ordered.flatMap((type) => hostKeyAlgorithms.get(type) ?? []),
    compress: ['none'],
  };
}

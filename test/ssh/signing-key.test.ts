import ssh2, { type ParsedKey } from 'ssh2';
import { expect, test } from 'vitest';
import { SigningKey } from '../../src/ssh/signing-key.ts';
import { makeKey } from './fake-sshd.ts';

const data = Buffer.from('what a server wants to have signed');

test.each([
  ['ed25519', undefined],
  ['ecdsa', undefined],
  ['rsa', 'sha256'],
  ['rsa', 'sha512'],
] as const)('%s signs (%s) what its public half verifies, time and again', (type, hash) => {
  const pair = makeKey(type);
  const parsed = ssh2.utils.parseKey(pair.private) as ParsedKey | ParsedKey[];
  const key = new SigningKey(Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed);
  const known = ssh2.utils.parseKey(pair.public) as ParsedKey;
  for (let turn = 0; turn < 2; turn += 1) {
    expect(known.verify(data, key.sign(data, hash), hash)).toBe(true);
    expect(known.verify(Buffer.from('something else'), key.sign(data, hash), hash)).toBe(false);
  }
});

test('a public key cannot sign', () => {
  const key = new SigningKey(ssh2.utils.parseKey(makeKey().public) as ParsedKey);
  expect(() => key.sign(data, undefined)).toThrow();
});

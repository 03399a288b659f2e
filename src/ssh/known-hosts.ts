import { createHash, createHmac } from 'node:crypto';
import { isVerifiable } from './algorithms.ts';
import { matchList } from './pattern.ts';

/** A line of known_hosts, sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT". */
export interface KnownKey {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly revoked: boolean;
  /** `ssh-ed25519`, `ssh-rsa`, … */
  readonly type: string;
  /** The public key, base64. */
  readonly key: string;
  readonly hosts: HostField;
}

type HostField =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'patterns'; readonly patterns: readonly string[] }
  | { readonly kind: 'hashed'; readonly salt: Buffer; readonly hash: Buffer };

/** What known_hosts says about a host's key. */
export type Judgement =
  | { readonly verdict: 'known' | 'revoked'; readonly entry: KnownKey }
  /** Another key of this type is known. */
  | { readonly verdict: 'changed'; readonly entry: KnownKey }
  /** Only keys of other types are known: ask the host for one of those. */
  | { readonly verdict: 'other-type'; readonly entry: KnownKey; readonly types: readonly string[] }
  | { readonly verdict: 'unknown' };

/** `SHA256:…` of a public key, as OpenSSH prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type inside a public key blob (RFC 4253 6.6), undefined when it is none. */
export function keyType(key: Buffer): string | undefined {
  if (key.length < 4) return undefined;
  const length = key.readUInt32BE(0);
  return length > 0 && length <= 64 && key.length > 4 + length ? key.toString('latin1', 4, 4 + length) : undefined;
}

/** Reads a known_hosts file. Lines that make no sense are skipped, and so are certificate authorities, which ssh2 cannot check. */
export function parseKnownHosts(text: string, file: string): KnownKey[] {
  const keys: KnownKey[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim().split(/[ \t\r]+/, 4);
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
    const [hosts, type, key] = words;
    if (hosts === undefined || hosts === '' || hosts.startsWith('#') || type === undefined || key === undefined)
      continue;
    if (marker !== undefined && marker !== '@revoked') continue;
    const blob = Buffer.from(key, 'base64');
    const field = hostField(hosts);
    if (keyType(blob) !== type || field === undefined) continue;
    keys.push({
      file,
      line: index + 1,
      revoked: marker === '@revoked',
      type,
      key: blob.toString('base64'),
      hosts: field,
    });
  }
  return keys;
}

/** The line that makes a key known under a name. */
export function knownHostsLine(name: string, type: string, key: Buffer): string {
  return `${name} ${type} ${key.toString('base64')}\n`;
}

/**
 * All known host keys, arranged so that ten thousand lines and a thousand hosts stay quick: a key that is known is found by the
 * key itself; plain names are indexed; only a host that is not known makes every hashed line be hashed, once a name.
 */
export class KnownHosts {
  readonly #byKey = new Map<string, KnownKey[]>();
  readonly #byName = new Map<string, KnownKey[]>();
  readonly #scanned: KnownKey[] = [];
  readonly #revoked: KnownKey[] = [];
  readonly #found = new Map<string, readonly KnownKey[]>();

  constructor(keys: readonly KnownKey[] = []) {
    for (const key of keys) this.add(key);
  }

  /** Makes a key known. */
  add(key: KnownKey): void {
    this.#found.clear();
    if (key.revoked) {
      this.#revoked.push(key);
      return;
    }
    if (!isVerifiable(key.type)) return;
    push(this.#byKey, key.key, key);
    if (key.hosts.kind === 'names') for (const name of key.hosts.names) push(this.#byName, name, key);
    else this.#scanned.push(key);
  }

  /**
   * Judges the key that a host shows. Of its names (as known_hosts writes them) the first that has a key decides: a key that is
   * known for the address is not doubted because an old one lingers under the name. A revoked key is revoked under any of them.
   */
  judge(names: readonly string[], type: string, key: Buffer): Judgement {
    const text = key.toString('base64');
    const revoked = this.#revoked.find(
      (entry) => entry.key === text && names.some((name) => covers(entry.hosts, name)),
    );
    if (revoked !== undefined) return { verdict: 'revoked', entry: revoked };
    const same = this.#byKey.get(text) ?? [];
    for (const name of names) {
      const known = same.find((entry) => covers(entry.hosts, name));
      if (known !== undefined) return { verdict: 'known', entry: known };
      const others = this.#keysOf(name);
      const entry = others.find((other) => other.type === type) ?? others[0];
      if (entry === undefined) continue;
      if (entry.type === type) return { verdict: 'changed', entry };
      return { verdict: 'other-type', entry, types: [...new Set(others.map((other) => other.type))] };
    }
    return { verdict: 'unknown' };
  }

  #keysOf(name: string): readonly KnownKey[] {
    let found = this.#found.get(name);
    if (found === undefined) {
      found = [...(this.#byName.get(name) ?? []), ...this.#scanned.filter((entry) => covers(entry.hosts, name))];
      this.#found.set(name, found);
    }
    return found;
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function covers(hosts: HostField, name: string): boolean {
  switch (hosts.kind) {
    case 'names':
      return hosts.names.includes(name);
    case 'patterns':
      return matchList(hosts.patterns, name) === 'yes';
    case 'hashed':
      return createHmac('sha1', hosts.salt).update(name).digest().equals(hosts.hash);
  }
}

function hostField(text: string): HostField | undefined {
  if (text.startsWith('|')) {
    const [, version, salt, hash, more] = text.split('|');
    if (version !== '1' || salt === undefined || hash === undefined || more !== undefined) return undefined;
    const field = { kind: 'hashed' as const, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
    return field.hash.length === 20 ? field : undefined;
  }
  const names = text
    .toLowerCase()
    .split(',')
    .filter((name) => name !== '');
  if (names.length === 0) return undefined;
  return names.some((name) => /[*?!]/.test(name)) ? { kind: 'patterns', patterns: names } : { kind: 'names', names };
}

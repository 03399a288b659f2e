import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Asker } from './asker.ts';
import type { ConnectFailure } from './connection.ts';
import { fingerprint, KnownHosts, knownHostsLine, parseKnownHosts, type KnownKey } from './known-hosts.ts';
import { printableLine } from './printable.ts';
import { quote } from './quote.ts';
import type { Endpoint } from './target.ts';

/** Why a host key is not trusted, without the host's name. */
export type HostKeyRefusal = Pick<ConnectFailure, 'reason' | 'detail' | 'hint'>;

/** What becomes of a connection whose host showed its key. */
export type HostKeyVerdict =
  /** `record` is called once the host has proven that it holds the key, and says why the key could not be recorded. */
  | { readonly kind: 'trusted'; readonly record: () => HostKeyRefusal | undefined }
  /** Connect again and ask for a key of these types: the host is known by one. */
  | { readonly kind: 'ask-for'; readonly types: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: HostKeyRefusal };

/** The known_hosts files of a run, and what is done about keys that are not in them. Strict: there is no way to turn it off. */
export class HostKeys {
  readonly #known: KnownHosts;
  /** Where new keys are recorded. */
  readonly #file: string;
  readonly #asker: Asker | undefined;
  readonly #acceptNew: boolean;
  readonly #asked = new Map<string, Promise<boolean>>();

  constructor(options: { known: KnownHosts; file: string; asker: Asker | undefined; acceptNew: boolean }) {
    this.#known = options.known;
    this.#file = options.file;
    this.#asker = options.asker;
    this.#acceptNew = options.acceptNew;
  }

  /**
   * @param askedFor types of keys that the host has already been asked for, see {@link HostKeyVerdict}
   * @param waiting wraps the time in which a person is asked
   */
  async judge(
    endpoint: Endpoint,
    type: string,
    key: Buffer,
    askedFor: readonly string[],
    waiting: <T>(answer: Promise<T>) => Promise<T>,
  ): Promise<HostKeyVerdict> {
    const judgement = this.#known.judge(endpoint.knownHostsNames, type, key);
    switch (judgement.verdict) {
      case 'known':
        return { kind: 'trusted', record: () => undefined };
      case 'revoked':
        return { kind: 'refused', refusal: revoked(judgement.entry, type, key) };
      case 'changed':
        return { kind: 'refused', refusal: changed(endpoint, judgement.entry, type, key) };
      case 'other-type':
        return askedFor.length === 0
          ? { kind: 'ask-for', types: judgement.types }
          : { kind: 'refused', refusal: changed(endpoint, judgement.entry, type, key) };
      case 'unknown':
        return (await this.#accepts(endpoint, type, key, waiting))
          ? { kind: 'trusted', record: () => this.#record(endpoint, type, key) }
          : { kind: 'refused', refusal: unknown(endpoint, type, key, this.#asker !== undefined) };
    }
  }

  async #accepts(
    endpoint: Endpoint,
    type: string,
    key: Buffer,
    waiting: <T>(answer: Promise<T>) => Promise<T>,
  ): Promise<boolean> {
    if (this.#acceptNew) return true;
    if (this.#asker === undefined) return false;
    const address = recordName(endpoint);
    const question = `${address} ${key.toString('base64')}`;
    let answer = this.#asked.get(question);
    if (answer === undefined) {
      answer = this.#asker.hostKey({ host: endpoint.name, address, keyType: type, fingerprint: fingerprint(key) });
      this.#asked.set(question, answer);
    }
    return waiting(answer);
  }

  #record(endpoint: Endpoint, type: string, key: Buffer): HostKeyRefusal | undefined {
    const name = recordName(endpoint);
    // Another connection of this run may have recorded it, or another key of the same host, since it was judged.
    const now = this.#known.judge([name], type, key);
    if (now.verdict === 'known') return undefined;
    if (now.verdict !== 'unknown') return changed(endpoint, now.entry, type, key);
    try {
      // What else stands in a name (HostKeyAlias) would be a pattern, or a line of its own.
      if (!/^[\w.:%[\]-]+$/.test(name)) throw new Error('such a name cannot stand in known_hosts');
      appendLine(this.#file, knownHostsLine(name, type, key));
    } catch (error) {
      return {
        reason: 'host-key-unknown',
        detail: `the host key of ${name} cannot be recorded in ${this.#file}: ${printableLine(String(error))}`,
        hint: 'make the file writable, or name another by LVSCTL_KNOWN_HOSTS',
      };
    }
    const hosts = { kind: 'names' as const, names: [name] };
    this.#known.add({ file: this.#file, line: 0, revoked: false, type, key: key.toString('base64'), hosts });
    return undefined;
  }
}

/** Reads LVSCTL_KNOWN_HOSTS, or ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts. New keys are recorded in the first. */
export function loadKnownHosts(
  env: NodeJS.ProcessEnv,
  home: string,
): { readonly known: KnownHosts; readonly file: string; readonly problems: readonly string[] } {
  const named = env['LVSCTL_KNOWN_HOSTS'];
  const file = named ?? join(home, '.ssh', 'known_hosts');
  const files = named === undefined ? [file, '/etc/ssh/ssh_known_hosts'] : [file];
  const problems: string[] = [];
  const texts = files.map((path) => ({ path, text: readIfThere(path, problems) }));
  return { known: new KnownHosts(texts.flatMap(({ text, path }) => parseKnownHosts(text, path))), file, problems };
}

function readIfThere(file: string, problems: string[]): string {
  try {
    // Whoever writes a key into it decides which host is the right one.
    if ((statSync(file).mode & 0o002) !== 0) {
      problems.push(`${file} is not used, for anybody may write to it: chmod o-w ${file}`);
      return '';
    }
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // nothing that cannot be read makes a host known: what follows is strict
  }
}

/** Adds a line in one write at the end of the file (O_APPEND), so that runs at the same time do not garble each other's lines. */
function appendLine(file: string, line: string): void {
  makeFolder(dirname(file));
  const descriptor = openSync(file, 'a+', 0o600);
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1, '\n');
    if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
    writeSync(descriptor, last.toString() === '\n' ? line : `\n${line}`);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes ~/.ssh. Not `recursive`: node never returns from that where mkdir says ENOENT for an existing parent (/proc). */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function recordName(endpoint: Endpoint): string {
  return endpoint.knownHostsNames[0] ?? endpoint.address;
}

function unknown(endpoint: Endpoint, type: string, key: Buffer, asked: boolean): HostKeyRefusal {
  const name = recordName(endpoint);
  return {
    reason: 'host-key-unknown',
    detail: `the host key of ${name} is not known and was ${asked ? 'not accepted' : 'refused'}: ${type} ${fingerprint(key)}`,
    hint:
      'compare it with what `ssh-keygen -lf` says on the console of the host about /etc/ssh/ssh_host_*_key.pub; ' +
      'then answer the question on a terminal, or record it with --accept-new',
  };
}

function changed(endpoint: Endpoint, entry: KnownKey, type: string, key: Buffer): HostKeyRefusal {
  const name = endpoint.knownHostsNames.find(
    (each) => entry.hosts.kind === 'names' && entry.hosts.names.includes(each),
  );
  const known = `${entry.type} ${fingerprint(Buffer.from(entry.key, 'base64'))}`;
  return {
    reason: 'host-key-changed',
    detail: `the host key has changed: ${place(entry)} has ${known}, but the host now shows ${type} ${fingerprint(key)}`,
    hint:
      'either the host was installed anew or somebody is between you and it: find out which on its console; only then ' +
      `ssh-keygen -R ${quote(name ?? recordName(endpoint))} -f ${quote(entry.file)}`,
  };
}

function revoked(entry: KnownKey, type: string, key: Buffer): HostKeyRefusal {
  return {
    reason: 'host-key-revoked',
    detail: `the host shows a key that ${place(entry)} revokes: ${type} ${fingerprint(key)}`,
    hint: 'nobody may use this key any more: give the host a new one on its console (ssh-keygen -A), or find out who answers',
  };
}

function place(entry: KnownKey): string {
  return entry.line === 0 ? entry.file : `${entry.file} line ${entry.line}`;
}

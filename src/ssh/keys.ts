import { readFile, stat } from 'node:fs/promises';
import ssh2, { type OpenSSHAgent, type ParsedKey } from 'ssh2';
import { err, ok, type Result } from '../result.ts';
import type { Asker } from './asker.ts';
import { printableLine } from './printable.ts';
import { quote } from './quote.ts';
import { SigningKey } from './signing-key.ts';
import type { Identity } from './target.ts';

/** A key that can be offered to a server. Its private half may still be locked, or in an agent. */
export interface OfferedKey {
  /** For messages: `/root/.ssh/id_ed25519` or `agent key ops@laptop`. */
  readonly label: string;
  readonly public: ParsedKey;
  /** Where it signs: the agent, or the private key itself, which may need its passphrase first. */
  readonly signer:
    { readonly kind: 'agent'; readonly agent: OpenSSHAgent } | { readonly kind: 'file'; readonly unlock: Unlock };
}

type Unlock = () => Promise<Result<SigningKey, KeyProblem>>;

/** Why a key cannot be used. */
export interface KeyProblem {
  readonly file: string;
  readonly kind: 'missing' | 'unreadable' | 'locked';
  readonly detail: string;
  readonly hint: string;
}

/** No private key is larger; what is larger is not read. */
const maxKeyBytes = 256 * 1024;

/** Seconds that the agent has to list its keys. */
const agentPatience = 5;

/**
 * The private keys of a run. Each file is read and parsed once (decrypting blocks for some 0.3 s), each passphrase is asked for
 * once, and only when a server has said that it would take the key.
 */
export class KeyStore {
  readonly #asker: Asker | undefined;
  readonly #files = new Map<string, Promise<Result<OfferedKey, KeyProblem>>>();
  readonly #halves = new Map<string, Promise<ParsedKey | undefined>>();
  readonly #agents = new Map<string, Promise<readonly OfferedKey[]>>();

  constructor(asker: Asker | undefined) {
    this.#asker = asker;
  }

  /** The key in a file. */
  file(file: string): Promise<Result<OfferedKey, KeyProblem>> {
    let key = this.#files.get(file);
    if (key === undefined) this.#files.set(file, (key = this.#load(file)));
    return key;
  }

  /** The public half of the key in a file, or of the .pub file beside it, without a passphrase. */
  publicHalf(file: string): Promise<ParsedKey | undefined> {
    let half = this.#halves.get(file);
    if (half === undefined) this.#halves.set(file, (half = readPublicHalf(file)));
    return half;
  }

  /** The keys of an agent; none when it does not answer. FIDO keys and certificates are left out: ssh2 cannot use them. */
  agent(socket: string): Promise<readonly OfferedKey[]> {
    let keys = this.#agents.get(socket);
    if (keys === undefined) this.#agents.set(socket, (keys = listAgent(socket)));
    return keys;
  }

  async #load(file: string): Promise<Result<OfferedKey, KeyProblem>> {
    const text = await readPrivate(file);
    if (!text.ok) return text;
    const parsed = firstKey(ssh2.utils.parseKey(text.value));
    if (parsed instanceof Error) {
      if (!/encrypted/i.test(parsed.message)) return err(unusable(file, printableLine(parsed.message)));
      const known = await this.publicHalf(file);
      const open = once(() => this.#open(file, text.value));
      const unlock = once(async () => {
        const key = await open();
        return key.ok ? ok(new SigningKey(key.value)) : key;
      });
      if (known !== undefined) return ok({ label: file, public: known, signer: { kind: 'file', unlock } });
      // The older formats hide the public half too, so that the passphrase is needed even to offer the key.
      const opened = await open();
      if (!opened.ok) return opened;
      return ok({ label: file, public: opened.value, signer: { kind: 'file', unlock } });
    }
    if (!parsed.isPrivateKey()) return err(unusable(file, 'it is a public key, the private one is needed'));
    const unlocked = Promise.resolve(ok(new SigningKey(parsed)));
    return ok({ label: file, public: parsed, signer: { kind: 'file', unlock: () => unlocked } });
  }

  async #open(file: string, text: Buffer): Promise<Result<ParsedKey, KeyProblem>> {
    const hint = `add it to the agent (ssh-add ${quote(file)}), or run lvsctl on a terminal to be asked`;
    const locked = (detail: string): Result<never, KeyProblem> => err({ file, kind: 'locked', detail, hint });
    if (this.#asker === undefined)
      return locked(`${file} is locked by a passphrase and there is no terminal to ask for it`);
    const passphrase = await this.#asker.passphrase(file);
    if (passphrase === undefined) return locked(`${file} is locked by a passphrase, which was not given`);
    const key = firstKey(ssh2.utils.parseKey(text, passphrase.reveal()));
    return key instanceof Error ? locked(`the passphrase does not open ${file}`) : ok(key);
  }
}

/** The keys to offer to an endpoint, in order: those that were named, those of the agent, OpenSSH's default files. */
export async function keysFor(
  store: KeyStore,
  wanted: {
    readonly identities: readonly Identity[];
    readonly identitiesOnly: boolean;
    readonly agent: string | undefined;
  },
): Promise<Result<{ readonly keys: readonly OfferedKey[]; readonly problems: readonly KeyProblem[] }, KeyProblem>> {
  const held = wanted.agent === undefined ? [] : await store.agent(wanted.agent);
  const named: OfferedKey[] = [];
  const defaults: OfferedKey[] = [];
  const problems: KeyProblem[] = [];
  for (const identity of wanted.identities) {
    // The agent's copy needs no passphrase, and it serves when only the .pub file is here (ssh_config(5) IdentityFile).
    const half = held.length === 0 ? undefined : await store.publicHalf(identity.file);
    const inAgent = half && held.find((key) => key.public.getPublicSSH().equals(half.getPublicSSH()));
    const key = inAgent === undefined ? await store.file(identity.file) : ok(inAgent);
    if (key.ok) (identity.source === 'default' ? defaults : named).push(key.value);
    else if (identity.source === 'required') return key;
    else if (identity.source === 'configured' || key.error.kind !== 'missing') problems.push(key.error);
  }
  const others = wanted.identitiesOnly ? [] : held;
  return ok({ keys: distinct([...named, ...others, ...defaults]), problems });
}

function distinct(keys: readonly OfferedKey[]): OfferedKey[] {
  const seen = new Map<string, OfferedKey>();
  for (const key of keys) {
    const blob = key.public.getPublicSSH().toString('base64');
    if (!seen.has(blob)) seen.set(blob, key);
  }
  return [...seen.values()];
}

async function readPrivate(file: string): Promise<Result<Buffer, KeyProblem>> {
  try {
    const { mode, uid, size } = await stat(file);
    if (size > maxKeyBytes) return err(unusable(file, 'it is too large to be a key'));
    // OpenSSH refuses such a key too (sshkey_perm_ok): everybody on this machine may have copied it.
    if (uid === process.getuid?.() && (mode & 0o077) !== 0)
      return err(unusable(file, `others can read it (mode ${(mode & 0o777).toString(8)})`, `chmod 600 ${quote(file)}`));
    return ok(await readFile(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return err({ file, kind: 'missing', detail: `there is no key file ${file}`, hint: 'correct its path' });
    return err(unusable(file, code ?? printableLine(String(error))));
  }
}

function unusable(
  file: string,
  why: string,
  hint = 'name a private key that you can read and that ssh-keygen -y accepts',
): KeyProblem {
  return { file, kind: 'unreadable', detail: `the key ${file} cannot be used: ${why}`, hint };
}

async function readPublicHalf(file: string): Promise<ParsedKey | undefined> {
  const text = await readFile(file).catch(() => undefined);
  const whole = text === undefined ? undefined : firstKey(ssh2.utils.parseKey(text));
  if (whole !== undefined && !(whole instanceof Error)) return whole;
  const clear = text === undefined ? undefined : halfInClear(text);
  if (clear !== undefined) return clear;
  const beside = await readFile(`${file}.pub`).catch(() => undefined);
  const key = beside === undefined ? undefined : firstKey(ssh2.utils.parseKey(beside));
  return key instanceof Error ? undefined : key;
}

/** The public half of an encrypted key, which OpenSSH's own format leaves in clear (PROTOCOL.key in its source). */
function halfInClear(text: Buffer): ParsedKey | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text.toString('latin1'))?.[1];
  if (body === undefined) return undefined;
  const blob = Buffer.from(body, 'base64');
  const magic = 'openssh-key-v1\0';
  if (blob.toString('latin1', 0, magic.length) !== magic) return undefined;
  let at = magic.length;
  try {
    for (let skipped = 0; skipped < 3; skipped++) at += 4 + blob.readUInt32BE(at); // cipher, kdf, kdf options
    at += 4; // number of keys
    const length = blob.readUInt32BE(at);
    const key = firstKey(ssh2.utils.parseKey(blob.subarray(at + 4, at + 4 + length)));
    return key instanceof Error ? undefined : key;
  } catch {
    return undefined;
  }
}

/** @types/ssh2 promises one key; the newer OpenSSH format may yield a list of one. */
function firstKey(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error {
  if (!Array.isArray(parsed)) return parsed;
  return parsed[0] ?? new Error('no key in it');
}

async function listAgent(socket: string): Promise<readonly OfferedKey[]> {
  const agent = new ssh2.OpenSSHAgent(socket);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve([]);
    }, agentPatience * 1000);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      const listed =
        error || keys === undefined ? [] : keys.map((key) => firstKey(ssh2.utils.parseKey(key as ParsedKey)));
      resolve(
        listed.flatMap((key) => {
          if (key instanceof Error) return [];
          const label = `agent key ${printableLine(key.comment || key.type, 80)}`;
          return [{ label, public: key, signer: { kind: 'agent' as const, agent } }];
        }),
      );
    });
  });
}

function once<T>(produce: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= produce());
}

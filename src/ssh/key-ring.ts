// ssh2 is a CommonJS package in which node finds no named exports: only its types may be imported by name.
import ssh2, { type BaseAgent, type ParsedKey } from 'ssh2';
import type { KeyProblem, OfferedKey } from './keys.ts';

/**
 * The keys for one login, dressed as an agent. That is how ssh2 can be made to do what OpenSSH does: offer public halves in
 * order, and unlock a private one only when the server wants its signature.
 */
export class KeyRing extends ssh2.BaseAgent<ParsedKey> {
  readonly #keys: readonly OfferedKey[];
  readonly #waiting: <T>(answer: Promise<T>) => Promise<T>;
  /** What went wrong with keys that the server would have taken. */
  readonly problems: KeyProblem[] = [];

  /** @param waiting wraps the time in which a person may be asked for a passphrase */
  constructor(keys: readonly OfferedKey[], waiting: <T>(answer: Promise<T>) => Promise<T>) {
    super();
    this.#keys = keys;
    this.#waiting = waiting;
  }

  override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    callback(
      undefined,
      this.#keys.map((key) => key.public),
    );
  }

  override sign(
    wanted: ParsedKey,
    data: Buffer,
    options: { hash?: string } | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    const hash = typeof options === 'function' ? undefined : options.hash;
    this.#sign(wanted, data, hash).then(
      (signature) => done?.(undefined, signature),
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error))),
    );
  }

  async #sign(wanted: ParsedKey, data: Buffer, hash: string | undefined): Promise<Buffer> {
    const key = this.#keys.find((each) => each.public.getPublicSSH().equals(wanted.getPublicSSH()));
    if (key === undefined) throw new Error('not a key of this ring');
    // ssh2 falls back to SHA-1 when a server names no signature algorithms (RFC 8308): an RSA key is not used for that.
    if (wanted.type === 'ssh-rsa' && !/^sha(256|512)$/.test(hash ?? '')) throw new Error('no signature with SHA-1');
    if (key.signer.kind === 'agent') return signByAgent(key.signer.agent, wanted, data, hash);
    const unlocked = await this.#waiting(key.signer.unlock());
    if (!unlocked.ok) {
      this.problems.push(unlocked.error);
      throw new Error(unlocked.error.detail);
    }
    return unlocked.value.sign(data, hash);
  }
}

type SignCallback = (error?: Error | null, signature?: Buffer) => void;

function signByAgent(
  agent: BaseAgent<ParsedKey>,
  key: ParsedKey,
  data: Buffer,
  hash: string | undefined,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = hash === 'sha256' || hash === 'sha512' ? { hash } : {};
    agent.sign(key, data, options as { hash: 'sha256' | 'sha512' }, (error, signature) => {
      if (signature === undefined) reject(error ?? new Error('the agent did not sign'));
      else resolve(signature);
    });
  });
}

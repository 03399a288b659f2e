import type { Secret } from '../secret.ts';

/** A host key that nobody has vouched for yet. */
interface HostKeyQuestion {
  /** The inventory's name, or that of a bastion. */
  readonly host: string;
  /** What the key would be recorded under in known_hosts: `10.77.0.11`, `[10.77.0.11]:2222`. */
  readonly address: string;
  /** `ssh-ed25519`, `ssh-rsa`, … */
  readonly keyType: string;
  /** `SHA256:…`, as OpenSSH prints it. */
  readonly fingerprint: string;
}

/**
 * The operator at a terminal. Where there is no terminal there is no asker, and what would have been asked is refused. Each
 * question is put once a run; hosts that wait for the same answer share it, and questions never overlap. `undefined` means
 * that the operator would not say.
 */
export interface Asker {
  hostKey(question: HostKeyQuestion): Promise<boolean>;
  /** The passphrase of a private key file. */
  passphrase(file: string): Promise<Secret | undefined>;
  /** The sudo password, which will be used on all hosts; `host` is the first that wants it. */
  sudoPassword(host: string): Promise<Secret | undefined>;
}

/** Puts an asker's questions one after the other: two prompts at once would garble each other on a terminal. */
export function oneAtATime(asker: Asker): Asker {
  let last: Promise<unknown> = Promise.resolve();
  function next<T>(question: () => Promise<T>): Promise<T> {
    const answer = last.then(question, question);
    last = answer.catch(() => undefined);
    return answer;
  }
  return {
    hostKey: (question) => next(() => asker.hostKey(question)),
    passphrase: (file) => next(() => asker.passphrase(file)),
    sudoPassword: (host) => next(() => asker.sudoPassword(host)),
  };
}

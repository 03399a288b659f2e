import type { Secret } from '../secret.ts';
import type { Asker } from './asker.ts';

/** The sudo password for one host to try, and the duty to tell what became of it. */
export interface PasswordTrial {
  readonly password: Secret;
  /** `unclear`: the host went away before it said anything. */
  settle(outcome: 'accepted' | 'refused' | 'unclear'): void;
}

/** Why there is no password to try. */
export type NoPassword =
  { readonly reason: 'not-given' } | { readonly reason: 'refused-elsewhere'; readonly by: string };

/**
 * The sudo password of a run: asked for once, when the first host wants it, and used on all of them. Until a host has accepted
 * it, only one at a time gets to see it: a slip of the finger costs one failed attempt, not one on each of a hundred hosts (where
 * a directory server would lock the account).
 */
export class SudoPassword {
  readonly #asker: Asker | undefined;
  #password: Promise<Secret | undefined> | undefined;
  #verdict: 'accepted' | 'refused' | undefined;
  #refusedBy = '';
  #queue: Promise<void> = Promise.resolve();

  constructor(asker: Asker | undefined) {
    this.#asker = asker;
  }

  /** Whether there is anybody to ask. */
  get available(): boolean {
    return this.#asker !== undefined;
  }

  /** The password for a host that asks for it, when it is that host's turn. */
  async trial(host: string): Promise<PasswordTrial | NoPassword> {
    const release = await this.#turn();
    const password = this.#verdict === 'refused' ? undefined : await this.#ask(host);
    if (password !== undefined && this.#verdict === undefined)
      return {
        password,
        settle: (outcome) => {
          if (outcome === 'refused') this.#refusedBy = host;
          if (outcome !== 'unclear') this.#verdict = outcome;
          release();
        },
      };
    release();
    if (this.#verdict === 'refused') return { reason: 'refused-elsewhere', by: this.#refusedBy };
    return password === undefined ? { reason: 'not-given' } : { password, settle: () => undefined };
  }

  #ask(host: string): Promise<Secret | undefined> {
    this.#password ??= this.#asker?.sudoPassword(host).catch(() => undefined) ?? Promise.resolve(undefined);
    return this.#password;
  }

  /** Waits for everybody who came before, and gives what lets the next one go on. */
  async #turn(): Promise<() => void> {
    const before = this.#queue;
    let release = (): void => undefined;
    this.#queue = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  }
}

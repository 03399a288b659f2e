import { stat } from 'node:fs/promises';
import { err, ok, type Result } from '../result.ts';
import type { CommandPlace } from './command.ts';
import type { SecretTrouble } from './trouble.ts';

/** A secret that is not had by reading: a program has to run, or something has to be decrypted. */
export type AskedSecret = { readonly command: readonly string[] } | { readonly age: string };

/** What became of asking; undefined: not asked. */
export type Answered = (secret: AskedSecret) => Result<string, SecretTrouble> | undefined;

/**
 * The secrets that a reading of the inventory met and could not have at once. They are noted, asked for all together, each only
 * once however often it is written, and handed out when the inventory is read again.
 */
export class AskedSecrets {
  readonly #wanted = new Map<string, AskedSecret>();
  readonly #answers = new Map<string, Result<string, SecretTrouble>>();

  /** The answer; notes the question when there is none yet. */
  readonly answered: Answered = (secret) => {
    const key = JSON.stringify(secret);
    const answer = this.#answers.get(key);
    if (answer === undefined) this.#wanted.set(key, secret);
    return answer;
  };

  /** Whether something was looked for that is not had yet. */
  get waiting(): boolean {
    return this.#wanted.size > 0;
  }

  /**
   * Asks for all that was noted. Programs run one after the other: two of them cannot ask at one terminal.
   *
   * @param inventory the file that asks; a program that it names is not run when anybody could have written it there.
   */
  async ask(inventory: string, place: CommandPlace): Promise<void> {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    const age = wanted.some(([, secret]) => 'age' in secret) ? await opener(place.env) : undefined;
    for (const [key, secret] of wanted) {
      if ('command' in secret) this.#answers.set(key, await runCommand(secret.command, inventory, place));
      else if (age !== undefined) this.#answers.set(key, await age(secret.age));
    }
  }
}

async function runCommand(
  command: readonly string[],
  inventory: string,
  place: CommandPlace,
): Promise<Result<string, SecretTrouble>> {
  const trusted = await trust(inventory);
  if (!trusted.ok) return trusted;
  const { printedBy } = await import('./command.ts');
  return printedBy(command, place);
}

async function opener(env: NodeJS.ProcessEnv): Promise<(armoured: string) => Promise<Result<string, SecretTrouble>>> {
  const { readIdentities } = await import('./identity.ts');
  const identities = readIdentities(env);
  if (!identities.ok) return () => Promise.resolve(identities);
  const { decryptText } = await import('./age.ts');
  return (armoured) => decryptText(armoured, identities.value);
}

/** Who may write the inventory may run programs as the operator, if it names some. */
async function trust(inventory: string): Promise<Result<void, SecretTrouble>> {
  const { mode, uid } = await stat(inventory);
  const self = process.getuid?.() ?? uid;
  if ((mode & 0o002) !== 0) {
    return err({ message: `is not run: anybody may write ${inventory}`, hint: `chmod o-w ${inventory}` });
  }
  if (uid !== self && uid !== 0) {
    return err({ message: `is not run: ${inventory} belongs to somebody else`, hint: 'use a copy that is yours' });
  }
  return ok(undefined);
}

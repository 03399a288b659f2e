import { confirm, isCancel, password } from '@clack/prompts';
import type { Asker } from '../ssh/asker.ts';
import { printable } from '../ssh/printable.ts';
import { Secret } from '../secret.ts';

/** Where to ask. */
interface Place {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Asks the operator at a terminal; `before` is awaited before each question. */
export function terminalAsker({ stdin, stderr }: Place, before: () => Promise<void>): Asker {
  const secret = async (message: string, source: string): Promise<Secret | undefined> => {
    await before();
    const answer = await password({ message: printable(message), mask: '*', input: stdin, output: stderr });
    return isCancel(answer) ? undefined : new Secret(answer, source);
  };
  return {
    async hostKey({ host, address, keyType, fingerprint }) {
      await before();
      const message = `${host} (${address}) is not known. Its ${keyType} key is ${fingerprint}. Trust it from now on?`;
      const answer = await confirm({ message: printable(message), initialValue: false, input: stdin, output: stderr });
      return answer === true;
    },
    passphrase: (file) => secret(`Passphrase of ${file}`, `the passphrase of ${file}`),
    sudoPassword: (host) => secret(`sudo password (asked by ${host}, used for all hosts)`, 'the sudo password'),
  };
}

/** Asks for a secret that is not shown; undefined when the question was left. */
export async function askSecret(message: string, { stdin, stderr }: Place): Promise<string | undefined> {
  const answer = await password({ message, mask: '*', input: stdin, output: stderr });
  return isCancel(answer) ? undefined : answer;
}

/** Asks whether to go on; only a clear yes counts. */
export async function askToGoOn(message: string, { stdin, stderr }: Place): Promise<boolean> {
  return (await confirm({ message, initialValue: false, input: stdin, output: stderr })) === true;
}

import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { newIdentity } from '../../../secrets/age.ts';
import { identityFile } from '../../../secrets/identity.ts';
import { exit, Output, type Terminal } from '../../context.ts';

/** `lvsctl secret keygen`: a new age identity in a file that only the operator can read; its recipient on standard output. */
export async function secretKeygen(terminal: Terminal, flags: { readonly out?: string | undefined }): Promise<number> {
  const out = new Output(terminal, { color: false });
  const file = flags.out ?? identityFile(terminal.env);
  const { identity, recipient } = await newIdentity();
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(`# recipient: ${recipient}\n${identity}\n`);
    await handle.sync();
    await handle.close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    out.error(
      code === 'EEXIST'
        ? `${file} is there already, and is left as it is: what was encrypted for it would be lost`
        : `${file} cannot be written: ${code ?? String(error)}`,
    );
    return exit.failed;
  }
  out.line(recipient);
  out.error(`The identity is in ${file}: keep a copy. The line above is its recipient, for secrets.recipients.`);
  return exit.ok;
}

import { basename } from 'node:path';
import type { Script } from '../cluster.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { localFile } from './settings.ts';

/** Where the scripts that keepalived runs are on a director; root's, as its script security wants every folder above. */
export const scriptFolder = '/etc/keepalived/lvsctl';

/** Characters beyond which a file is taken for something else than a script. */
const mostCharacters = 256 * 1024;

/** Reads a script of the operator's machine; what cannot be used is reported at its place. */
export function resolveScript(written: string, path: Path, context: Context): Script | undefined {
  const file = localFile(written, context);
  const read = context.around.readFile(file);
  const refuse = (message: string, hint?: string): Script | undefined => {
    context.report('script', path, message, hint);
    return undefined;
  };
  if (!read.ok) return refuse(`the script ${file} cannot be read: ${read.error}`);
  const name = basename(file);
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name))
    return refuse(`the script is called ${JSON.stringify(name)}`, 'name it by letters, digits, ".", "_" and "-"');
  if (!read.value.startsWith('#!'))
    return refuse(`${file} does not begin with #!`, 'write #!/bin/sh, or what else runs it, into its first line');
  if (read.value.length > mostCharacters || read.value.includes('\0'))
    return refuse(`${file} is no script: it is larger than 256 KiB, or not text`);
  const target = `${scriptFolder}/${name}`;
  if ((context.scripts.get(target) ?? read.value) !== read.value)
    return refuse(
      `another script is called ${name} too, and the directors have one folder for all`,
      'rename one of them',
    );
  context.scripts.set(target, read.value);
  return { path: target, content: read.value };
}

import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { localFile } from './settings.ts';

/** Characters beyond which a file is not shipped: files larger than 256 KiB are not compared on the hosts either. */
const mostCharacters = 256 * 1024;

/** The text of a file of the operator's machine; what cannot be used is reported at its place. */
export function readLocalText(written: string, path: Path, context: Context): string | undefined {
  const file = localFile(written, context);
  const read = context.around.readFile(file);
  if (!read.ok) {
    context.report('local-file', path, `${file} cannot be read: ${read.error}`);
    return undefined;
  }
  if (read.value.length > mostCharacters || read.value.includes('\0') || read.value.includes('\uFFFD')) {
    context.report(
      'local-file',
      path,
      `${file} is larger than 256 KiB, or not text`,
      'have a package bring it, or a host fetch it',
    );
    return undefined;
  }
  return read.value;
}

import { Document, parseDocument } from 'yaml';
import { err, ok, type Result } from '../result.ts';

const introduction = ` The secrets of the inventory, in clear, each below its place.
 What you change is encrypted anew when you leave the editor; nothing else is touched.
 Leave the keys as they are.`;

/** The secrets as a YAML text for an editor: a map of places to values. */
export function editableText(secrets: ReadonlyMap<string, string>): string {
  const document = new Document(Object.fromEntries(secrets));
  document.commentBefore = introduction;
  return document.toString({ lineWidth: 0 });
}

/**
 * Reads what came back from the editor: the same places, each with a text. The error is a sentence that quotes no value, for
 * any text may be a secret.
 */
export function readEdited(text: string, places: readonly string[]): Result<ReadonlyMap<string, string>, string> {
  // Of the failsafe schema every plain value is a text: 0123 and yes are passwords here.
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const line = text.slice(0, fault.pos[0]).split('\n').length;
    return err(`line ${line} is not YAML (${fault.code.toLowerCase().replaceAll('_', ' ')}): put the secret in quotes`);
  }
  const value = document.toJS({ maxAliasCount: 0 }) as unknown;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return err('the keys are gone');
  const found = new Map(Object.entries(value));
  const missing = places.find((place) => !found.has(place));
  if (missing !== undefined) return err(`the key ${missing} is gone; to take a secret away, edit the inventory`);
  if (found.size > places.length) return err('there is a key that was not there before; add it to the inventory first');
  const wrong = places.find((place) => typeof found.get(place) !== 'string' || found.get(place) === '');
  if (wrong !== undefined) return err(`${wrong} has no text`);
  return ok(found as Map<string, string>);
}

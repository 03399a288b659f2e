import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '../result.ts';
import { parseYaml } from '../inventory/yaml/parse.ts';
import type { Path } from '../inventory/yaml/places.ts';
import { showPath } from '../inventory/yaml/path.ts';
import { treeOf, type Spot } from '../inventory/yaml/tree.ts';
import { armourStart } from './age.ts';
import type { SecretTrouble } from './trouble.ts';

/** An encrypted value of an inventory. */
export interface EncryptedValue {
  /** Where it stands, without the key `age`. */
  readonly path: Path;
  readonly armoured: string;
}

/** The text of an inventory as far as its secrets go: what is in it need not make sense otherwise. */
export interface InventoryText {
  readonly text: string;
  readonly value: unknown;
  readonly root: Spot;
  /** In the order of the file. */
  readonly encrypted: readonly EncryptedValue[];
  /** `secrets.recipients`; empty when it is not there. */
  readonly recipients: readonly string[];
}

/** Reads the text of an inventory; an error when it is no YAML. */
export function readInventoryText(text: string): Result<InventoryText, SecretTrouble> {
  const parsed = parseYaml(text, '');
  const tree = treeOf(parsed);
  if (parsed.problems.length > 0 || tree.faults.length > 0)
    return err({ message: 'is not sound YAML', hint: '"lvsctl check" says where' });
  const secrets = valueAt(tree.value, ['secrets', 'recipients']);
  const recipients = Array.isArray(secrets) ? secrets.filter((one): one is string => typeof one === 'string') : [];
  return ok({ text, value: tree.value, root: tree.root, encrypted: encryptedIn(tree.value, []), recipients });
}

function encryptedIn(value: unknown, path: Path): EncryptedValue[] {
  if (typeof value !== 'object' || value === null) return [];
  const { age } = value as { readonly age?: unknown };
  if (typeof age === 'string' && age.trim().startsWith(armourStart)) return [{ path, armoured: age }];
  if (Array.isArray(value)) return value.flatMap((one, index) => encryptedIn(one, [...path, index]));
  return Object.entries(value).flatMap(([key, one]) => encryptedIn(one, [...path, key]));
}

/** What stands at a path; undefined when nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

/** An encrypted value in YAML, to be pasted below a key. */
export function asYaml(armoured: string): string {
  return `age: |\n${indented(armoured, '  ')}`;
}

/**
 * The text with an encrypted value in place of what stands at a path; everything else, comments too, stays as it is. Refused
 * when nothing stands there, or when something else would change with it, as behind an alias.
 */
export function withEncrypted(
  { text, value, root }: InventoryText,
  path: Path,
  armoured: string,
): Result<string, SecretTrouble> {
  const spot = spotAt(root, path);
  if (spot === undefined)
    return err({
      message: `nothing stands at ${showPath(path)}`,
      hint: 'write the key with any value, then encrypt it',
    });
  const wanted = structuredClone(value);
  const [parent, last] = [valueAt(wanted, path.slice(0, -1)), path.at(-1)];
  (parent as Record<string | number, unknown>)[last ?? ''] = { age: armoured };
  for (const changed of [asBlock(text, spot, armoured), asFlow(text, spot, armoured)]) {
    const read = changed === undefined ? undefined : readInventoryText(changed);
    if (changed !== undefined && read?.ok === true && isDeepStrictEqual(read.value.value, wanted)) return ok(changed);
  }
  return err({
    message: `${showPath(path)} cannot be changed alone`,
    hint: 'is it an alias, or part of a text that is? Write it out, or paste what "lvsctl secret encrypt" prints',
  });
}

function spotAt(root: Spot, path: Path): Spot | undefined {
  let spot: Spot | undefined = root;
  for (const step of path) spot = spot?.inside?.get(step);
  return spot;
}

/** The armour as a block below the key, when the key begins its line. A comment behind the old value stays behind the key. */
function asBlock(text: string, { key, start, end }: Spot, armoured: string): string | undefined {
  if (key === undefined) return undefined;
  const indent = text.slice(text.lastIndexOf('\n', key - 1) + 1, key);
  if (!/^ *$/.test(indent)) return undefined;
  const before = text.slice(0, start).trimEnd();
  const lineEnd = text[end - 1] === '\n' ? end - 1 : (text + '\n').indexOf('\n', end);
  const comment = text.slice(Math.min(end, lineEnd), lineEnd).trim();
  const block = `${indent}  age: |\n${indented(armoured, `${indent}    `)}`;
  return `${before}${comment === '' ? '' : ` ${comment}`}\n${block}${text.slice(lineEnd + 1)}`;
}

/** The armour on one line, which fits anywhere. */
function asFlow(text: string, { start, end }: Spot, armoured: string): string {
  const blank = /[\s[{,]$/.test(text.slice(0, start)) ? '' : ' ';
  return `${text.slice(0, start)}${blank}{ age: ${JSON.stringify(armoured)} }${text.slice(end)}`;
}

function indented(armoured: string, indent: string): string {
  return `${armoured.trim()}\n`.replaceAll(/^(?=.)/gm, indent);
}

import { keepalivedLine } from '../../inventory/schema/text.ts';
import { splitWords } from '../../keepalived/words.ts';
import type { Statement } from '../../keepalived/parse.ts';
import { put, type Draft, type Entry } from '../draft.ts';

/** Where a block was found. */
export interface Scope {
  readonly draft: Draft;
  /** Name of the director whose configuration it is. */
  readonly director: string;
}

/** Takes a statement over into an entry; false: it cannot be said in an inventory. */
export type Keyword = (statement: Statement, entry: Entry, scope: Scope) => boolean;

/** Keywords of a block; `*` is for all others. */
export type Keywords = Readonly<Record<string, Keyword>>;

/** Makes a value of the words after a keyword; undefined: they make no sense here. */
export type Convert = (words: readonly string[]) => unknown;

/** Takes over every statement of a block; what no keyword takes is listed. */
export function readBlock(statements: readonly Statement[], keywords: Keywords, entry: Entry, scope: Scope): void {
  for (const statement of statements) {
    const name = statement.words[0] ?? '';
    const keyword = Object.hasOwn(keywords, name) ? keywords[name] : keywords['*'];
    if (keyword === undefined)
      leave(statement, scope, 'has no counterpart in an inventory; a template of your own can write it');
    else if (!keyword(statement, entry, scope))
      leave(statement, scope, 'cannot be said in an inventory with this value');
  }
}

/** Lists a statement as not carried over. */
export function leave(statement: Statement, { draft }: Scope, remedy: string): void {
  const text = [...statement.words.map(masked), ...(statement.block ? ['{ … }'] : [])].join(' ');
  draft.leave(placeOf(statement), text.slice(0, 120), remedy);
}

/** `file:line` of a statement. */
export function placeOf({ file, line }: Statement): string {
  return `${file}:${line}`;
}

/** A password is in no list. */
function masked(word: string, index: number, words: readonly string[]): string {
  return index > 0 && /^(auth_pass|auth_hmac\w*|password)$/.test(words[0] ?? '') ? '***' : word;
}

/** A keyword whose values belong at a path of the entry. */
export function set(path: string, convert: Convert): Keyword {
  return ({ words }, entry) => {
    const value = convert(words.slice(1));
    if (value === undefined) return false;
    put(entry, path, value);
    return true;
  };
}

/** A keyword that is there or not, or has one of keepalived's words for true and false. */
export function flag(path: string, when = true): Keyword {
  return set(path, ([word]) => {
    const value = word === undefined ? true : truth(word);
    return value === undefined ? undefined : value === when;
  });
}

/** A keyword that says nothing new: lvsctl writes it by itself, or its value is what holds anyway. */
export const implied: Keyword = () => true;

/** The one word. */
export const word: Convert = ([one, ...more]) => (more.length === 0 ? one : undefined);

/** A whole number within bounds. */
export function whole(least: number, most: number): Convert {
  return (words) => {
    const text = word(words);
    const number = typeof text === 'string' && /^\d{1,9}(\.0+)?$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  };
}

/** A number within bounds, with a fraction or without. */
export function decimal(least: number, most: number): Convert {
  return (words) => {
    const text = word(words);
    const number = typeof text === 'string' && /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  };
}

/** A line that goes into keepalived.conf as it is: what the inventory has no key of its own for. */
export const asWritten: Keyword = ({ words, block }, entry) => {
  const line = words.map((one) => (one === '' || /\s/.test(one) ? `"${one}"` : one)).join(' ');
  if (block !== undefined || !keepalivedLine.safeParse(line).success) return false;
  entry['extra'] = [...((entry['extra'] as string[] | undefined) ?? []), line];
  return true;
};

/** Whole seconds; keepalived takes fractions as well. */
export const seconds = whole(1, 86_400);

/** A TCP, UDP or SCTP port. */
export const port = whole(1, 65_535);

/** keepalived.conf(5) BOOL. */
function truth(text: string): boolean | undefined {
  if (/^(on|true|yes)$/i.test(text)) return true;
  return /^(off|false|no)$/i.test(text) ? false : undefined;
}

/** The words of a command that was quoted as one. */
export function commandWords(words: readonly string[]): string[] {
  return words.flatMap((one) => splitWords(one).tokens.flatMap((token) => (token.type === 'word' ? [token.text] : [])));
}

/** A word of a line, or a brace. */
export type Token = { readonly type: 'word'; readonly text: string } | { readonly type: 'open' | 'close' };

/** Stands for a `#` that is meant as it is, where a line is still to be looked through for comments. */
export const literalHash = '\uE000';

/** The same for a `!`. */
export const literalBang = '\uE001';

/**
 * Splits a line without comments into words: white space separates, braces stand for themselves, text between quotes belongs
 * to its word whatever it is. `unclosed`: the last quote has no partner. keepalived.conf(5), "Quoted strings".
 */
export function splitWords(line: string): { readonly tokens: Token[]; readonly unclosed: boolean } {
  const tokens: Token[] = [];
  let word: string | undefined;
  let quote = '';
  const end = (): void => {
    if (word !== undefined)
      tokens.push({ type: 'word', text: word.replaceAll(literalHash, '#').replaceAll(literalBang, '!') });
    word = undefined;
  };
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\') {
        const [text, length] = escaped(line.slice(at + 1, at + 10));
        word = `${word ?? ''}${text}`;
        at += length;
      } else word = `${word ?? ''}${char}`;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/^\$\{\w+\}/.test(line.slice(at, at + 80))) {
      // A definition that there is not stays as it is written.
      const close = line.indexOf('}', at);
      word = `${word ?? ''}${line.slice(at, close + 1)}`;
      at = close;
    } else if (/\s/.test(char)) end();
    else if (char === '{' || char === '}') {
      end();
      tokens.push({ type: char === '{' ? 'open' : 'close' });
    } else word = `${word ?? ''}${char}`;
  }
  end();
  return { tokens, unclosed: quote !== '' };
}

const controls: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What stands after a backslash between quotes, and how many characters of it belong to the escape. */
function escaped(rest: string): readonly [text: string, length: number] {
  const [octal] = /^[0-7]{1,3}/.exec(rest) ?? [];
  if (octal !== undefined) return [String.fromCharCode(Number.parseInt(octal, 8)), octal.length];
  const [, hex] = /^x([0-9A-Fa-f]{1,4})/.exec(rest) ?? [];
  if (hex !== undefined) return [String.fromCharCode(Number.parseInt(hex, 16)), hex.length + 1];
  const [, control] = /^c([@-_a-z])/.exec(rest) ?? [];
  if (control !== undefined) return [String.fromCharCode(control.toUpperCase().charCodeAt(0) & 31), 2];
  const char = rest[0] ?? '';
  return [controls[char] ?? char, char.length];
}

/** Where the comment of a line begins (its `#` or `!` outside quotes), or the line's length. keepalived.conf(5): anywhere in a line. */
export function commentStart(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '#' || char === '!') return at;
  }
  return line.length;
}

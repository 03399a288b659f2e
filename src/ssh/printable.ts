import { redact } from '../secret.ts';

/**
 * What a terminal may act upon, or what makes text look other than it is: C0 and C1 controls but tab and line feed, DEL, the line
 * separators, the direction marks that reorder text ("Trojan Source"), invisible and tag characters, and halves of a pair.
 */
const unsafe = new RegExp(
  [
    String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]`,
    String.raw`[\u{e0000}-\u{e007f}]`,
    String.raw`\p{Surrogate}`,
  ].join('|'),
  'gu',
);

/**
 * Makes text from a host safe to show: known secrets are masked, before anything is changed or cut, and whatever a terminal might obey is written as an escape (`\x1b`, `\u{202e}`). Line feeds
 * and tabs stay, and a carriage return before a line feed goes. A host's output is hostile until it went through here.
 */
export function printable(text: string): string {
  return redact(text).replaceAll('\r\n', '\n').replace(unsafe, escape);
}

/** {@link printable} for the middle of a sentence: one line, at most `limit` characters. */
export function printableLine(text: string, limit = 300): string {
  const line = printable(text).trim().replaceAll(/\s+/g, ' ');
  return line.length > limit ? `${line.slice(0, limit).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

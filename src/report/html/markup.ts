import { printable } from '../../ssh/printable.ts';

/** A piece of markup that is safe to put into a page as it is; only {@link markup} and {@link join} make them. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: texts are escaped, markup is not; nothing stands for `undefined` and `false`. */
export type Part = string | number | Markup | undefined | false | readonly Part[];

/** Markup of a template literal. Every text that is put in is escaped, also in attributes, which must be quoted. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, piece, index) => text + textOf(parts[index - 1]) + piece));
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'number') return String(part);
  return typeof part === 'string' ? escapeMarkup(part) : part.map(textOf).join('');
}

/** Pieces with something in between. */
export function join(parts: readonly Part[], between: Part): Markup {
  return new Markup(parts.map(textOf).join(textOf(between)));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A text in HTML, SVG or XML, between tags or in a quoted attribute. What a browser might act upon or that makes text look other
 * than it is (controls, marks of direction) is written as an escape, and secrets are masked: see printable(). XML
 * 1.0 has no place for U+FFFE and U+FFFF.
 */
export function escapeMarkup(text: string): string {
  const shown = printable(text).replaceAll(/[\ufffe\uffff]/g, '\ufffd');
  return shown.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

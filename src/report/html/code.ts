import { markup, type Markup } from './markup.ts';

/** A sentence in which commands stand between backquotes. */
export function code(text: string): Markup {
  return markup`${text.split('`').map((piece, index) => (index % 2 === 1 ? markup`<code>${piece}</code>` : piece))}`;
}

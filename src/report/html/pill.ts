import { markup, type Markup } from './markup.ts';

/** How something looks: green, amber, red, or grey. What it means stands beside it in words. */
export type Look = 'good' | 'warn' | 'bad' | 'plain';

/** A word in its colour. */
export function pill(look: Look, word: string): Markup {
  return markup`<span class="pill ${look}">${word}</span>`;
}

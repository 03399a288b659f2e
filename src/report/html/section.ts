import { markup, type Markup } from './markup.ts';

/** A part of the page with a heading, which its region is named by. */
export function titled(id: string, title: string, content: Markup): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `;
}

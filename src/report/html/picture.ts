import { pictureWords, type Picture } from '../picture.ts';
import { pictureSvg } from '../picture/svg.ts';
import { markup, type Markup } from './markup.ts';
import { titled } from './section.ts';

/** Boxes beside each other on a wide and on a narrow screen. */
const across = { wide: 5, narrow: 2 } as const;

/** The picture, drawn for wide and narrow screens, of which one is shown; and in words. */
export function pictureSection(picture: Picture): Markup {
  return titled(
    'picture',
    'The cluster',
    markup`<p class="lead">
        From the clients at the top, by the VIP and the director that holds it, to the real servers and what they mount.
        Green is as it should be.
      </p>
      <figure>
        <div class="wide">${pictureSvg(picture, across.wide, 'picture-wide')}</div>
        <div class="narrow">${pictureSvg(picture, across.narrow, 'picture-narrow')}</div>
      </figure>
      <details class="words">
        <summary>The same in words</summary>
        ${pictureWords(picture).map(
          ({ title, words }) =>
            markup`<h3>${title}</h3>
              <ul>
                ${words.map((text) => markup`<li>${text}</li>`)}
              </ul>`,
        )}
      </details>`,
  );
}

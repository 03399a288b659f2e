import { markup, Markup } from '../html/markup.ts';
import type { Box, Lane, Link, Picture } from '../picture.ts';

/** Sizes in units of the picture's own, which are pixels at its natural size. */
const box = { width: 184, gap: 20, head: 36, line: 17, foot: 10 } as const;
const lane = { left: 16, right: 16, title: 30, bottom: 18, gap: 44 } as const;

/** A box where it stands. */
interface Placed {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

interface PlacedLane {
  readonly lane: Lane;
  readonly y: number;
  readonly height: number;
}

/** Looks of the picture, light and dark; a page that has the variables sets them, a picture by itself brings its own. */
export const pictureStyle = `
.lvs { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.lvs .lane { fill: var(--sunken); }
.lvs .lane-title { fill: var(--soft); font-size: 12px; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; paint-order: stroke; stroke: var(--sunken); stroke-width: 5px; stroke-linejoin: round; }
.lvs .box { fill: var(--raised); stroke: var(--line); stroke-width: 1.5; }
.lvs .box.good { stroke: var(--good); } .lvs .box.warn { stroke: var(--warn); } .lvs .box.bad { stroke: var(--bad); }
.lvs .name { fill: var(--text); font-size: 14.5px; font-weight: 650; }
.lvs .detail { fill: var(--soft); font-size: 11.5px; }
.lvs .says { font-size: 11.5px; font-weight: 600; fill: var(--soft); }
.lvs .says.good, .lvs .dot.good { fill: var(--good); } .lvs .says.warn, .lvs .dot.warn { fill: var(--warn); }
.lvs .says.bad, .lvs .dot.bad { fill: var(--bad); } .lvs .dot.plain { fill: var(--line); }
.lvs .link { fill: none; stroke: var(--line); stroke-width: 1.6; }
.lvs .link.good { stroke: var(--good); stroke-width: 2.2; } .lvs .link.warn { stroke: var(--warn); stroke-dasharray: 6 4; }
.lvs .link.bad { stroke: var(--bad); stroke-dasharray: 2 5; } .lvs .link.files { stroke-dasharray: 1.5 4; stroke-linecap: round; }
`;

/** What a picture by itself adds: the colours of the page. */
export const pictureColours = `
.lvs { --sunken: #f1f3f7; --raised: #fff; --line: #b9c1cf; --text: #161a22; --soft: #525c6e; --good: #1a7441; --warn: #8f5600; --bad: #b3202c; background: #fff; }
@media (prefers-color-scheme: dark) {
  .lvs { --sunken: #171c25; --raised: #212835; --line: #4d586b; --text: #eceff5; --soft: #a7b1c2; --good: #5cc98a; --warn: #e6ad55; --bad: #ff8087; background: #10141b; }
}
`;

/**
 * A picture as SVG. The lanes lie below each other, and boxes that do not fit beside each other go into further rows, so that the
 * same picture is drawn wide and narrow.
 *
 * @param perRow boxes beside each other, 1 or more.
 * @param titleId id of the element that names the picture, unique on its page.
 */
export function pictureSvg(picture: Picture, perRow: number, titleId: string, style = ''): Markup {
  const columns = Math.max(1, Math.min(perRow, ...[Math.max(1, ...picture.lanes.map(({ boxes }) => boxes.length))]));
  const inner = columns * box.width + (columns - 1) * box.gap;
  const width = lane.left + inner + lane.right;
  const lanes: PlacedLane[] = [];
  const placed = new Map<string, Placed>();
  let y = 0;
  for (const one of picture.lanes) {
    const rows = rowsOf(one.boxes, columns);
    let top = y + lane.title;
    for (const row of rows) {
      const height = Math.max(...row.map(heightOf));
      const used = row.length * box.width + (row.length - 1) * box.gap;
      const left = lane.left + (inner - used) / 2;
      for (const [index, its] of row.entries())
        placed.set(its.id, { box: its, x: left + index * (box.width + box.gap), y: top, height });
      top += height + box.gap;
    }
    const height = top - box.gap + lane.bottom - y;
    lanes.push({ lane: one, y, height });
    y += height + lane.gap;
  }
  const height = Math.max(1, y - lane.gap);
  return markup`<svg
    class="lvs"
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-labelledby="${titleId}"
  >
    <title id="${titleId}">${picture.title}</title>
    ${style !== '' && new Markup(`<style>${style}</style>`)} ${lanes.map(drawLane(width))}
    ${picture.links.map((link) => drawLink(link, placed))} ${lanes.map(nameLane)} ${[...placed.values()].map(drawBox)}
  </svg>`;
}

function rowsOf(boxes: readonly Box[], columns: number): Box[][] {
  const rows: Box[][] = [];
  for (let at = 0; at < boxes.length; at += columns) rows.push(boxes.slice(at, at + columns));
  return rows;
}

/** Lines that a box shows at most; the words beside the picture have them all. */
const mostLines = 4;

function linesOf({ lines }: Box): string[] {
  if (lines.length <= mostLines) return [...lines];
  return [...lines.slice(0, mostLines - 1), `and ${lines.length - mostLines + 1} more`];
}

function heightOf(one: Box): number {
  return box.head + (linesOf(one).length + (one.says === '' ? 0 : 1)) * box.line + box.foot;
}

function drawLane(width: number) {
  return ({ y, height }: PlacedLane): Markup =>
    markup`<rect class="lane" x="0" y="${y}" width="${width}" height="${height}" rx="14" />`;
}

/** After the links: they would go through its name. */
function nameLane({ lane: { title }, y }: PlacedLane): Markup {
  return markup`<text class="lane-title" x="16" y="${y + 20}">${title}</text>`;
}

/** A curve from the lower edge of a box to the upper edge of another, below all boxes. */
function drawLink({ from, to, state, kind }: Link, placed: ReadonlyMap<string, Placed>): Markup | undefined {
  const [a, b] = [placed.get(from), placed.get(to)];
  if (!a || !b) return undefined;
  const [x1, y1, x2, y2] = [a.x + box.width / 2, a.y + a.height, b.x + box.width / 2, b.y];
  const bend = Math.max(24, (y2 - y1) / 2);
  return markup`<path
    class="link ${state} ${kind}"
    d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}"
  />`;
}

function drawBox({ box: one, x, y, height }: Placed): Markup {
  const texts = linesOf(one);
  const at = (index: number): number => y + box.head + 8 + index * box.line;
  return markup`<g
    ><title>${[one.title, ...one.lines, one.says].filter(Boolean).join('\n')}</title
    ><rect class="box ${one.state}" x="${x}" y="${y}" width="${box.width}" height="${height}" rx="9" /><circle
      class="dot ${one.state}"
      cx="${x + 16}"
      cy="${y + 19}"
      r="4.5"
    /><text class="name" x="${x + 28}" y="${y + 24}">${fitted(one.title, 18)}</text
    >${texts.map((text, index) => markup`<text class="detail" x="${x + 12}" y="${at(index)}">${fitted(text, 28)}</text>`)}${one.says !== '' && markup`<text class="says ${one.state}" x="${x + 12}" y="${at(texts.length)}">${fitted(one.says, 27)}</text>`}</g
  >`;
}

/** A text cut to so many characters of usual width; those of East Asia count double. */
function fitted(text: string, most: number): string {
  let room = most;
  let kept = '';
  for (const character of text) {
    room -= (character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
    if (room < 0) return `${kept.slice(0, -1)}…`;
    kept += character;
  }
  return kept;
}

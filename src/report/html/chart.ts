import type { DrillResult, Mark, Measure, Stream } from '../../drill/result.ts';
import { duration, streamWords } from '../drill-words.ts';
import { markup, type Markup } from './markup.ts';

/** Looks of the charts; the page has the variables. */
export const chartStyle = `
.chart text { font: 11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--soft); }
.chart .grid { stroke: var(--line); stroke-width: 1; opacity: .55; } .chart .base { stroke: var(--line); stroke-width: 1.2; }
.chart .ok { stroke: var(--good); fill: none; opacity: .8; } .chart .lost { stroke: var(--bad); fill: none; }
.chart .gap { fill: var(--bad); opacity: .2; } .chart .gap-edge { stroke: var(--bad); stroke-width: 1.4; fill: none; }
.chart text.gap-text { fill: var(--bad); font-weight: 700; font-size: 12px; }
.chart .bound { fill: none; stroke: var(--accent); stroke-width: 1.6; stroke-dasharray: 5 3; } .chart text.bound-text { fill: var(--accent); font-weight: 600; }
.chart .mark { stroke: var(--text); stroke-width: 1; stroke-dasharray: 2 3; opacity: .7; } .chart .flag { fill: var(--text); } .chart .flag.fault { fill: var(--bad); } .chart .flag.heal { fill: var(--good); }
.chart text.flag-text { fill: var(--raised); font-weight: 700; font-size: 10.5px; }
.bullet .track { fill: var(--plain-bg); } .bullet .fill.good { fill: var(--good); } .bullet .fill.bad { fill: var(--bad); } .bullet .limit { stroke: var(--accent); stroke-width: 2.5; }
`;

/** Sizes in the chart's own units. */
const frame = { left: 54, right: 14, top: 34, plot: 120, bottom: 42 } as const;

/**
 * The requests of a stream over time, drawn `width` units wide: a line up for each request, as high as it took long; those that
 * failed are red and go to the top. Gaps are red bands with their length, and beside each the length that is allowed.
 *
 * @param id unique on the page.
 */
export function streamChart(drill: DrillResult, stream: Stream, width: number, id: string): Markup {
  const span = Math.max(1, drill.duration, ...stream.samples.slice(-1).map(([at, took]) => at + took));
  const x = (at: number): number =>
    round(frame.left + (Math.min(Math.max(at, 0), span) / span) * (width - frame.left - frame.right));
  const slowest = Math.max(10, ...stream.samples.map(([, took, ok]) => (ok === 1 ? took : 0)));
  const base = frame.top + frame.plot;
  // A square root keeps the usual, quick answers in sight beside a slow one.
  const y = (took: number): number => round(base - Math.sqrt(Math.min(took, slowest) / slowest) * (frame.plot - 22));
  const lines = (ok: 0 | 1): string =>
    stream.samples
      .filter((sample) => sample[2] === ok)
      .map(([at, took]) => `M${x(at)} ${base}V${ok === 1 ? Math.min(y(took), base - 3) : frame.top + 8}`)
      .join('');
  const stroke = Math.max(
    0.8,
    Math.min(2.4, ((width - frame.left - frame.right) / Math.max(1, stream.samples.length)) * 0.55),
  ).toFixed(2);
  return markup`<svg
    class="chart"
    viewBox="0 0 ${width} ${base + frame.bottom}"
    width="${width}"
    height="${base + frame.bottom}"
    role="img"
    aria-labelledby="${id}"
  >
    <title id="${id}">${streamWords(stream)}</title>
    ${grid(span, x, base, width)}
    <text x="${frame.left - 8}" y="${y(slowest) + 4}" text-anchor="end">${duration(slowest)}</text>
    <path class="grid" d="M${frame.left} ${y(slowest)}H${width - frame.right}" />
    <text x="${frame.left - 8}" y="${base}" text-anchor="end">0 ms</text>
    ${stream.gaps.map(({ from, to }) => markup`<rect class="gap" x="${x(from)}" y="${frame.top}" width="${Math.max(1, round(x(to) - x(from)))}" height="${frame.plot}" />`)}
    <path class="ok" stroke-width="${stroke}" d="${lines(1) || `M0 0`}" />
    <path class="lost" stroke-width="${stroke}" d="${lines(0) || `M0 0`}" />
    ${allowed(drill, stream).map(({ from, most }) => boundMark(x(from), x(from + most), most, { base, width }))}
    ${stream.gaps.map(({ from, to }) => gapEdges(x(from), x(to)))}
    ${labelled(
      stream.gaps.map(({ from, to }) => ({ x1: x(from), x2: x(to), length: to - from })),
      width,
    )}
    <path class="base" d="M${frame.left} ${base}H${width - frame.right}" />
    ${marksOf(drill).map(({ at }) => markup`<path class="mark" d="M${x(at)} 22V${base}" />`)}
    ${flagged(marksOf(drill).map(({ type, at }) => ({ type, x: x(at) }))).map(flag)}
  </svg>`;
}

/** The moments that a chart flags by number: all but the beginning and the end. */
export function marksOf({ marks }: DrillResult): Mark[] {
  return marks.filter(({ type }) => type !== 'begin' && type !== 'end');
}

/** For each phase that has a bound on its gap: where the gap that was measured in it begins, or the phase, and the most it may last. */
function allowed({ measures }: DrillResult, { from, service, gaps }: Stream): { from: number; most: number }[] {
  return measures
    .filter((one) => one.kind === 'gap' && one.from === from && one.service === service && one.bound > 0)
    .map(({ window, bound: most, measured }) => {
      const within = gaps.filter((gap) => gap.to > window.from && gap.from < window.to);
      const one = within.find((gap) => Math.round(gap.to - gap.from) === measured);
      return { from: one?.from ?? window.from, most };
    });
}

/** Units that the words of a bound take. */
const boundWidth = 110;

function boundMark(x1: number, x2: number, most: number, { base, width }: { base: number; width: number }): Markup {
  const y = base + 22;
  const end = x1 > width - boundWidth;
  return markup`<path class="bound" d="M${x1} ${frame.top}H${Math.max(x2, x1 + 2)}V${base}H${x1}Z" /><text
      class="bound-text"
      x="${end ? width : x1}"
      y="${y + 14}"
      text-anchor="${end ? 'end' : 'start'}"
      >allowed: ${duration(most)}</text
    >`;
}

function gapEdges(x1: number, x2: number): Markup {
  return markup`<path
    class="gap-edge"
    d="M${x1} ${frame.top}V${frame.top + frame.plot}M${x2} ${frame.top}V${frame.top + frame.plot}"
  />`;
}

/** Units that the length of a gap takes, written beside it. */
const labelWidth = 60;

/** The lengths of the gaps, the longest first; one that would lie on another is left out. */
function labelled(gaps: readonly { x1: number; x2: number; length: number }[], width: number): Markup[] {
  const placed: number[] = [];
  return [...gaps]
    .sort((a, b) => b.length - a.length)
    .flatMap(({ x1, x2, length }) => {
      const end = x1 > width - 90;
      const left = end ? x1 - 4 - labelWidth : x2 + 4;
      if (placed.some((one) => Math.abs(one - left) < labelWidth)) return [];
      placed.push(left);
      return [
        markup`<text class="gap-text" x="${end ? x1 - 4 : x2 + 4}" y="${frame.top + 14}" text-anchor="${end ? 'end' : 'start'}"
          >${duration(length)}</text
        >`,
      ];
    });
}

/** A flag over one mark, or over several that are too near for one each. */
interface Flag {
  readonly type: Mark['type'];
  readonly numbers: readonly [first: number, last: number];
  readonly x: number;
  readonly width: number;
}

/** The flags of marks, from left to right: those that would lie on each other are one, which says from where to where. */
export function flagged(marks: readonly Pick<Flag, 'type' | 'x'>[]): Flag[] {
  const flags: Flag[] = [];
  for (const [index, { type, x }] of marks.entries()) {
    let next: Flag = { type, numbers: [index + 1, index + 1], x, width: widthOf(index + 1, index + 1) };
    for (let last = flags.at(-1); last && next.x - last.x < (next.width + last.width) / 2 + 1; last = flags.at(-1)) {
      flags.pop();
      const numbers = [last.numbers[0], next.numbers[1]] as const;
      const [first, end] = [last.x - last.width / 2, next.x + next.width / 2];
      next = {
        type: [last.type, next.type].find((one) => one !== 'state') ?? 'state',
        numbers,
        x: round((first + end) / 2),
        width: widthOf(...numbers),
      };
    }
    flags.push(next);
  }
  return flags;
}

function widthOf(first: number, last: number): number {
  return 11 + 6 * numbersText([first, last]).length;
}

function numbersText([first, last]: Flag['numbers']): string {
  return first === last ? String(first) : `${first}–${last}`;
}

function flag({ type, numbers, x, width }: Flag): Markup {
  return markup`<rect class="flag ${type}" x="${round(x - width / 2)}" y="5.5" width="${width}" height="17" rx="8.5" /><text
      class="flag-text"
      x="${x}"
      y="18"
      text-anchor="middle"
      >${numbersText(numbers)}</text
    >`;
}

/** A line every so many seconds, so that there are some five. */
function grid(span: number, x: (at: number) => number, base: number, width: number): Markup[] {
  const most = width > 600 ? 10 : 5;
  const step =
    [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000].find(
      (one) => span / one <= most,
    ) ?? 600_000;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step).map(
    (at) =>
      markup`<path class="grid" d="M${x(at)} ${frame.top}V${base}" /><text
          x="${x(at)}"
          y="${base + 16}"
          text-anchor="middle"
          >${at / 1000} s</text
        >`,
  );
}

/** What was measured as a bar, and its bound as a line across. */
export function bullet({ measured, bound, ok }: Measure): Markup {
  const scale = Math.max(bound * 1.25, measured ?? 0, 1);
  const at = (value: number): number => round((Math.min(value, scale) / scale) * 160);
  return markup`<svg class="bullet" viewBox="0 0 164 18" width="164" height="18" aria-hidden="true">
    <rect class="track" x="0" y="4" width="164" height="10" rx="5" />
    ${measured !== undefined && measured > 0 && markup`<rect class="fill ${ok ? 'good' : 'bad'}" x="0" y="4" width="${Math.max(4, at(measured))}" height="10" rx="5" />`}
    <path class="limit" d="M${Math.max(2, at(bound))} 0V18" />
  </svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

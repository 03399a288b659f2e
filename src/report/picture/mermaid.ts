import { printableLine } from '../../ssh/printable.ts';
import type { Box, BoxState, Picture } from '../picture.ts';

/** Fill and edge of a box by its state, readable on light and dark pages. */
const looks: Readonly<Record<Exclude<BoxState, 'plain'>, string>> = {
  good: 'fill:#dff3e6,stroke:#1a7441,color:#0d3a20',
  warn: 'fill:#fdf0d5,stroke:#8f5600,color:#4a2d00',
  bad: 'fill:#fde3e4,stroke:#b3202c,color:#5c0f16',
};

/** A picture as a flowchart of Mermaid, which GitHub and GitLab draw in Markdown. */
export function pictureMermaid({ lanes, links }: Picture): string {
  const boxes = lanes.flatMap((lane) => lane.boxes);
  const ids = new Map(boxes.map(({ id }, index) => [id, `n${index}`]));
  const name = (id: string): string => ids.get(id) ?? '';
  const used = (Object.keys(looks) as (keyof typeof looks)[]).filter((state) =>
    boxes.some((one) => one.state === state),
  );
  return [
    'flowchart TD',
    ...lanes.flatMap((lane, index) => [
      `  subgraph l${index}["${label([lane.title])}"]`,
      '    direction LR',
      ...lane.boxes.map((one) => `    ${name(one.id)}["${label(words(one))}"]`),
      '  end',
    ]),
    ...links
      .filter(({ from, to }) => ids.has(from) && ids.has(to))
      .map(({ from, to, state, kind }) => `  ${name(from)} ${arrow(state, kind)} ${name(to)}`),
    ...used.flatMap((state) => [
      `  classDef ${state} ${looks[state]}`,
      `  class ${boxes
        .filter((one) => one.state === state)
        .map(({ id }) => name(id))
        .join(',')} ${state}`,
    ]),
    '',
  ].join('\n');
}

function words({ title, lines, says }: Box): string[] {
  return [title, ...lines, ...(says === '' ? [] : [says])];
}

function arrow(state: BoxState, kind: 'traffic' | 'files'): string {
  if (kind === 'files') return '-.-';
  return state === 'warn' || state === 'bad' ? '-.->' : '-->';
}

/** Lines of a quoted label. Mermaid takes entities for what has a meaning in it. */
function label(lines: readonly string[]): string {
  return lines
    .map((line) =>
      printableLine(line, 80).replaceAll(/[^\p{L}\p{N} .,:;/_+()-]/gu, (one) => `#${one.codePointAt(0) ?? 0};`),
    )
    .join('<br/>');
}

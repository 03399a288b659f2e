/** Stands behind the weight of a real server that a run drained, with the line that it took the place of. */
const mark = '# drained by a run, before: ';

/**
 * A keepalived.conf in which the real servers at these addresses have weight 0, whatever its other lines: those that lvsctl wrote
 * earlier are there too while real servers are changed. No check may give them another weight. {@link awake} takes it back to the byte.
 */
export function resting(text: string, addresses: ReadonlySet<string>): string {
  if (addresses.size === 0) return text;
  const lines = text.split('\n');
  const made: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    made.push(line);
    const [, address = ''] = /^\s*real_server\s+(\S+)(?:\s+\d+)?\s*\{\s*$/.exec(line) ?? [];
    if (!addresses.has(address)) continue;
    const end = blockEnd(lines, at);
    const block = lines.slice(at + 1, end).map(atRest);
    if (!block.some((one) => one.trim().startsWith('weight 0'))) made.push(`weight 0 ${mark}`);
    made.push(...block);
    at = end - 1;
  }
  return made.join('\n');
}

/** A keepalived.conf as it was before {@link resting}. */
export function awake(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf(mark);
      if (at < 0) return [line];
      const before = line.slice(at + mark.length);
      return before === '' ? [] : [before];
    })
    .join('\n');
}

function atRest(line: string): string {
  if (line.includes(mark)) return line;
  if (/^\s*weight\s+[1-9]\d*\s*$/.test(line)) return `weight 0 ${mark}${line}`;
  return /^\s*misc_dynamic\s*$/.test(line) ? `${mark}${line}` : line;
}

/** The line of the brace that ends the block that begins at a line. */
function blockEnd(lines: readonly string[], start: number): number {
  let depth = 0;
  for (let at = start; at < lines.length; at += 1) {
    const code = (lines[at] ?? '').replace(/[#!].*$/, '');
    depth += code.split('{').length - code.split('}').length;
    if (depth <= 0) return at;
  }
  return lines.length;
}

/** A page that is drawn over itself, without flicker: each line is overwritten in place, and only what is behind it is cleared. */
export interface Screen {
  draw(lines: readonly string[]): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

const escape = '\u001b[';

/** A page on the terminal's alternate screen; elsewhere one page after the other, with a blank line between them. */
export function openScreen(stream: NodeJS.WriteStream): Screen {
  if (!stream.isTTY) {
    return {
      draw: (lines) => void stream.write(`${lines.join('\n')}\n\n`),
      close: () => undefined,
    };
  }
  stream.write(`${escape}?1049h${escape}?25l`);
  return {
    draw(lines) {
      const page = lines.slice(0, Math.max(stream.rows - 1, 1));
      stream.write(`${escape}H${page.map((line) => `${line}${escape}K\n`).join('')}${escape}J`);
    },
    close: () => void stream.write(`${escape}?25h${escape}?1049l`),
  };
}

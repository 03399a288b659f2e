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
  // Lines that are too long are cut by the terminal, and do not push others off the page.
  stream.write(`${escape}?1049h${escape}?25l${escape}?7l`);
  return {
    draw(lines) {
      const page = lines.slice(0, Math.max(stream.rows - 1, 1));
      stream.write(`${escape}H${page.map((line) => `${line}${escape}K\n`).join('')}${escape}J`);
    },
    close: () => void stream.write(`${escape}?7h${escape}?25h${escape}?1049l`),
  };
}

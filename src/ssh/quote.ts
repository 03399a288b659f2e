/**
 * Quotes a value for POSIX sh, so that it stands for exactly itself as one word (POSIX XCU 2.2.2: nothing is special between
 * single quotes but the closing one). A NUL byte cannot be an argument at all: whoever passes one has a bug.
 */
export function quote(value: string): string {
  if (value.includes('\0')) throw new Error('a NUL byte cannot be passed to sh');
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Quotes each word of a line that a host printed, so that it can be given back to the command that takes such lines. */
export function quoteWords(line: string): string {
  return line.split(/\s+/).filter(Boolean).map(quote).join(' ');
}

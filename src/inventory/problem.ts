/** A place in the inventory. Line and column are 1-based; 0 means that there is no place to point at. */
export interface Place {
  /** The inventory as the user named it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What it is about, `services.www.realServers[0]`; empty for the whole file. */
  readonly path: string;
}

/** Something in the inventory that cannot be right. */
export interface Problem extends Place {
  /** What found it: `yaml`, `schema`, `reference`, … or the name of a rule in rules/. */
  readonly rule: string;
  /** What was found and what is wanted. Never holds a secret. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
  /** The source line, secrets masked; absent when there is no place. */
  readonly excerpt?: string;
}

/** Builds a {@link Problem}; an undefined hint is left out. */
export function problemAt(place: Place, rule: string, message: string, hint?: string): Problem {
  return { rule, ...place, message, ...(hint === undefined ? {} : { hint }) };
}

/** Problems in file order; those of one place stay in the order they were found. */
export function inFileOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

const widest = 110;

/**
 * A problem for a terminal: `file:line:column: message`, the source line with a caret below the place, and the hint.
 * `sourceText` must have been masked (see `maskSecrets`); it is needed only for a problem without an excerpt.
 */
export function formatProblem(problem: Problem, sourceText?: string): string {
  const { file, line, column, message, hint } = problem;
  const where = line > 0 ? `${file}:${line}:${column}` : file;
  const out = [`${where}: ${message} [${problem.rule}]`];
  const source = problem.excerpt ?? (line > 0 ? sourceText?.split(/\r?\n/)[line - 1] : undefined);
  if (source !== undefined && line > 0) out.push(...pointAt(source, line, column));
  if (hint !== undefined)
    out.push(...hint.split('\n').map((row, n) => (n === 0 ? `  hint: ${row}` : `        ${row}`)));
  return out.join('\n');
}

function pointAt(source: string, line: number, column: number): string[] {
  const start = Math.max(0, Math.min(column - 1, source.length) - widest + 20);
  const shown = printable(source.slice(start, start + widest));
  const before = source.slice(start, column - 1).replace(/[^\t]/g, ' ');
  const gutter = `${line} | `;
  return [`  ${gutter}${shown}`, `  ${' '.repeat(gutter.length - 2)}| ${before}^`];
}

/** Text without control characters, so that an inventory cannot write escape sequences to the terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are just what is looked for
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\u00b7');
}

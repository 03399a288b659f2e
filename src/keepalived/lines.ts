import { readRepetition, type Repetition } from './sequence.ts';
import { commentStart, literalBang, literalHash } from './words.ts';

/** A line of a configuration as keepalived takes it: comments gone, conditions decided, definitions replaced. */
export interface Line {
  readonly text: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The comments on the lines right above it, without their sign. */
  readonly comments: readonly string[];
}

/** Something in a configuration that could not be read. */
export interface ReadFault {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** The text of a file that is included. */
export interface Included {
  readonly file: string;
  readonly text: string;
}

/** What reading needs besides the text. */
export interface ReadOptions {
  /** keepalived's config-id, by default the first part of the host's name: what `@name` lines are compared with. */
  readonly id: string;
  /** The files that an `include` in a file means, or why they cannot be had. */
  readonly include: (pattern: string, from: string) => readonly Included[] | string;
}

/** Lines that are read, with those that definitions and includes bring: more is no configuration but a trap. */
const mostLines = 100_000;

/** Characters of a line after its definitions were replaced, and of all lines that were. */
const longestLine = 64 * 1024;
const mostReplaced = 8 * 1024 * 1024;

/** How deep files may include each other. */
const deepestInclude = 16;

interface Pending {
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly depth: number;
}

/**
 * Reads a configuration into its lines: includes, `#` and `!` comments, `@id` and `@^id` conditions, `$NAME=` definitions and
 * their uses, `~SEQ` and `~LST` repetitions. keepalived.conf(5), its sections on includes, conditional configuration, parameter
 * substitution, sequence and list blocks.
 */
export function readLines(source: Included, options: ReadOptions): { lines: Line[]; faults: ReadFault[] } {
  const lines: Line[] = [];
  const faults: ReadFault[] = [];
  const definitions = new Map<string, string>();
  const waiting = pendingOf(source, 0).reverse();
  let comments: string[] = [];
  let seen = 0;
  let replaced = 0;

  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { file, line, depth } = next;
    const fault = (message: string): void => {
      faults.push({ file, line, message });
    };
    seen += 1;
    if (seen > mostLines) {
      fault(`the configuration has more than ${mostLines} lines with all that is included and defined`);
      break;
    }
    const included = /^\s*include([rmwab])?\s+(\S+)/.exec(next.text)?.[2];
    if (included !== undefined) {
      const found = depth >= deepestInclude ? 'files include each other too deeply' : options.include(included, file);
      if (typeof found === 'string') fault(`include ${included}: ${found}`);
      else for (const one of [...found].reverse()) waiting.push(...pendingOf(one, depth + 1).reverse());
      continue;
    }
    const start = commentStart(next.text);
    let text = next.text.slice(0, start).trim();
    if (text === '') {
      comments =
        start < next.text.length
          ? [
              ...comments,
              next.text
                .slice(start)
                .replace(/^[#!\s]+/, '')
                .trim(),
            ]
          : [];
      continue;
    }
    const [, not, id, rest] = /^@(\^?)(\S+)(?:\s+(.*))?$/.exec(text) ?? [];
    if (id !== undefined) {
      if ((id === options.id) === (not === '^')) continue;
      text = rest ?? '';
    }
    const [, name, value] = /^\$([A-Za-z_]\w*)=(.*)$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) {
      definitions.set(name, continued(value, waiting));
      continue;
    }
    if (text.includes('${_RANDOM')) {
      fault('${_RANDOM} is another number at every start: write the one that is meant');
      continue;
    }
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
    const valueOf = (one: string): string | undefined => definitions.get(one) ?? predefined(one, options.id, folder);
    const repeated = text.startsWith('~') ? repetitionOf(joined(text, waiting), valueOf) : undefined;
    if (repeated?.ok === false) fault(repeated.error);
    if (repeated !== undefined) {
      const parts = repeated.ok ? repetitions(repeated.value) : [];
      waiting.push(...parts.map((part) => ({ ...next, text: part })).reverse());
      continue;
    }
    const full = replace(text, valueOf);
    if (full !== text) {
      replaced += full.length;
      if (full.length > longestLine || replaced > mostReplaced) {
        fault('definitions make this line too long: do they contain themselves?');
        continue;
      }
      // Once more from the start: what was put in may be a condition, a definition or several lines.
      const parts = full.split('\n').map((part) => ({ ...next, text: part }));
      waiting.push(...parts.reverse());
      continue;
    }
    if (text === '') continue;
    lines.push({ text: joined(text, waiting), file, line, comments });
    comments = [];
  }
  return { lines, faults };
}

/** What a repetition is of is replaced at once; the rest of its line each time. */
function repetitionOf(line: string, valueOf: (name: string) => string | undefined): ReturnType<typeof readRepetition> {
  return readRepetition(line.replace(/^~\w+\s*\([^()]*\)/, (head) => replace(head, valueOf)));
}

/** The lines that a repeated one stands for, each after the definitions that hold for it. */
function repetitions({ times, rest }: Repetition): string[] {
  return times.flatMap((definitions) => [...definitions.map(([name, value]) => `$${name}=${value}`), rest]);
}

function pendingOf({ file, text }: Included, depth: number): Pending[] {
  return text.split(/\r?\n/).map((one, index) => ({ text: one, file, line: index + 1, depth }));
}

/** The value of a definition; each line but the last ends with a backslash. */
function continued(value: string, waiting: Pending[]): string {
  const parts: string[] = [];
  let part = value;
  for (let count = 0; part.endsWith('\\') && count < mostLines; count += 1) {
    parts.push(part.slice(0, -1).trim());
    const next = waiting.pop()?.text ?? '';
    part = next.slice(0, commentStart(next)).trim();
  }
  return [...parts, part.trim()].filter((one, index) => one !== '' || index > 0).join('\n');
}

/** A line that ends with a backslash goes on in the next one. */
function joined(text: string, waiting: Pending[]): string {
  let whole = text;
  while (whole.endsWith('\\') && whole.length < longestLine && waiting.length > 0) {
    const next = waiting.pop()?.text ?? '';
    whole = `${whole.slice(0, -1).trimEnd()} ${next.slice(0, commentStart(next)).trim()}`;
  }
  return whole.endsWith('\\') ? whole.slice(0, -1).trimEnd() : whole;
}

/** `$NAME` before white space and `${NAME}` anywhere; what is not defined stays as it is. */
function replace(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replace(
    /\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)(?=\s|$)/g,
    (whole, braced: string | undefined, plain: string | undefined) => valueOf(braced ?? plain ?? '') ?? whole,
  );
}

function predefined(name: string, id: string, folder: string): string | undefined {
  switch (name) {
    case '_PWD':
      return folder;
    case '_INSTANCE':
      return id;
    case '_HASH':
      return literalHash;
    case '_BANG':
      return literalBang;
    default:
      return undefined;
  }
}

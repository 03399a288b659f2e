import { readLines, type Included, type ReadFault, type ReadOptions } from './lines.ts';
import { splitWords } from './words.ts';

/** A keyword with its values, and its block if it has one. */
export interface Statement {
  /** The keyword first; never empty. */
  readonly words: readonly string[];
  readonly block: readonly Statement[] | undefined;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The comments on the lines right above it. */
  readonly comments: readonly string[];
}

/** A configuration as a tree, and what of it could not be read. */
export interface Configuration {
  readonly statements: readonly Statement[];
  readonly faults: readonly ReadFault[];
}

interface Open {
  readonly statements: Draft[];
  readonly of: Draft | undefined;
}

interface Draft extends Statement {
  block: Draft[] | undefined;
}

/** Blocks in blocks; keepalived's own go four deep. */
const deepest = 64;

/** Parses a keepalived configuration, whatever its keywords: keepalived.conf(5). Never throws. */
export function parseKeepalived(source: Included, options: ReadOptions): Configuration {
  const { lines, faults } = readLines(source, options);
  const root: Draft[] = [];
  const stack: Open[] = [{ statements: root, of: undefined }];
  for (const { text, file, line, comments } of lines) {
    const fault = (message: string): void => {
      faults.push({ file, line, message });
    };
    const { tokens, unclosed } = splitWords(text);
    if (unclosed) fault('a quote is not closed on this line');
    let words: string[] = [];
    const flush = (): void => {
      if (words.length > 0) stack.at(-1)?.statements.push({ words, block: undefined, file, line, comments });
      words = [];
    };
    for (const token of tokens) {
      if (token.type === 'word') {
        words.push(token.text);
        continue;
      }
      const started = words.length > 0;
      flush();
      const current = stack.at(-1);
      if (token.type === 'close') {
        if (stack.length > 1) stack.pop();
        else fault('a } without a {');
        continue;
      }
      const last = current?.statements.at(-1);
      // The brace may stand on a line of its own.
      if (last === undefined || (!started && last.block !== undefined)) fault('a { without a keyword before it');
      else if (stack.length > deepest) fault('blocks in blocks, too deep to be a configuration');
      else last.block = [];
      stack.push({ statements: last?.block ?? [], of: last });
    }
    flush();
  }
  for (const { of } of stack.slice(1)) {
    if (of) faults.push({ file: of.file, line: of.line, message: `the block of ${of.words[0] ?? ''} is not closed` });
  }
  return { statements: root, faults };
}

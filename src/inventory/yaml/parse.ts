import { Composer, type Document, Lexer, LineCounter, Parser, type YAMLError } from 'yaml';
import type { Problem } from '../problem.ts';
import { hideRanges } from './source.ts';

/** The largest inventory that is read, in characters. */
export const mostCharacters = 1_048_576;
/** How deep maps and lists may nest; the parser's own recursion needs a bound. */
const deepest = 64;

/** A parsed YAML text: its document, or what is wrong with it. */
export interface Parsed {
  readonly document: Document.Parsed | undefined;
  readonly lines: LineCounter;
  readonly show: (text: string) => string;
  readonly problems: readonly Problem[];
}

/** Parses one YAML 1.2 document. Never throws; the cost is bounded for any text. */
export function parseYaml(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const fault = (offset: number, message: string, hint?: string): Problem => {
    const { line, col } = offset >= 0 ? lines.linePos(offset) : { line: 0, col: 0 };
    return { rule: 'yaml', file, line, column: col, path: '', message, ...(hint === undefined ? {} : { hint }) };
  };
  const none = { document: undefined, lines, show: (value: string) => value };
  if (text.length > mostCharacters) {
    return { ...none, problems: [fault(-1, `the inventory is larger than ${mostCharacters / 1_048_576} MiB`)] };
  }
  const hidden = hideRanges(text);
  if (hidden === undefined) {
    return { ...none, problems: [fault(-1, 'the inventory holds characters of the private area (U+E000, U+E001)')] };
  }
  const tokens = tokensOf(hidden.text, lines);
  if (typeof tokens === 'number') {
    return { ...none, problems: [fault(tokens, `maps and lists are nested deeper than ${deepest}`)] };
  }
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, version: '1.2' });
  const documents = [...composer.compose(tokens, true, hidden.text.length)];
  const [document, second] = documents;
  const problems: Problem[] = [];
  for (const error of document?.errors ?? []) {
    problems.push(fault(afterBlanks(hidden.text, error.pos[0], error.code), ...sentence(error, hidden.text)));
  }
  for (const warning of document?.warnings ?? []) {
    const [start, end] = warning.pos;
    const tag = hidden.show(hidden.text.slice(start, end));
    if (warning.code !== 'TAG_RESOLVE_FAILED') problems.push(fault(start, warning.message));
    else
      problems.push(
        fault(start, `"${tag.slice(0, 40)}" is a YAML tag here`, `to exclude hosts, quote it: '${tag.slice(0, 40)}'`),
      );
  }
  if (second !== undefined) {
    problems.push(
      fault(
        second.range[0],
        'the file holds a second YAML document',
        'an inventory is one document: take out the "---"',
      ),
    );
  }
  if (document?.directives.yaml.version === '1.1') {
    problems.push(fault(0, 'the file asks for YAML 1.1', 'take out the "%YAML 1.1" line: inventories are YAML 1.2'));
  }
  return { document, lines, show: hidden.show, problems: firstOfEachLine(problems) };
}

/** The tokens of a text, or the offset at which it nests too deep. */
function tokensOf(text: string, lines: LineCounter) {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > 2 * deepest) return parser.offset;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** One mistake often makes the parser stumble several times on a line; the first is the one that helps. */
function firstOfEachLine(problems: readonly Problem[]): Problem[] {
  const seen = new Set<number>();
  return problems.filter(({ line }) => line === 0 || (!seen.has(line) && seen.add(line).size > 0)).slice(0, 50);
}

/** Wrong indentation is found at the start of the line; what is indented is what should be pointed at. */
function afterBlanks(text: string, offset: number, code: string): number {
  if (code !== 'BAD_INDENT') return offset;
  return offset + (/^ */.exec(text.slice(offset, offset + 200))?.[0].length ?? 0);
}

function sentence(error: YAMLError, text: string): [message: string, hint?: string] {
  const at = text.slice(error.pos[0], error.pos[0] + 1);
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return ['a tab is used as indentation', 'indent with blanks: YAML allows no tabs there'];
    case 'BAD_INDENT': {
      const closing = /end with a (.)$/.exec(error.message)?.[1];
      if (closing !== undefined) return [`the "${closing}" that closes what was opened above is missing`];
      const hint = 'keys of one map start in the same column, and those inside it further right';
      return [`bad indentation: ${lower(error.message)}`, hint];
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return [
        'a key stands where the value before it has not ended',
        'check the indentation of this line and the one above; a text with ": " in it goes in quotes',
      ];
    case 'MISSING_CHAR': {
      const quote = /closing (.)quote/.exec(error.message)?.[1];
      return [
        quote === undefined
          ? `a character is missing: ${lower(error.message)}`
          : `the closing quote ${quote} is missing`,
      ];
    }
    case 'BAD_SCALAR_START':
      return [`a value cannot start with "${at}"`, 'put the value in quotes'];
    case 'BAD_ALIAS':
    case 'ALIAS_PROPS':
      return [lower(error.message), "in YAML * starts an alias: a pattern that starts with * goes in quotes, '*'"];
    default:
      return [`not valid YAML: ${lower(error.message)}`, 'text with any of []{},:#&*!|>\'"%@` goes in quotes'];
  }
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

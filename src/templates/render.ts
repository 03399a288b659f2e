import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { err, ok, type Result } from '../result.ts';

/** Why a template could not be rendered. */
export interface TemplateFailure {
  /** Path of the template. */
  readonly template: string;
  /** 1-based; 0 when the place is not known. */
  readonly line: number;
  readonly message: string;
}

/** Thrown by {@link Render}, so that roles stay plain functions; caught where the desired state is put together. */
export class TemplateError extends Error {
  readonly failure: TemplateFailure;

  constructor(failure: TemplateFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Renders the named template (`keepalived.conf`) with plain data. Throws {@link TemplateError}. */
export type Render = (name: string, data: Readonly<Record<string, unknown>>) => string;

/** The templates that come with lvsctl. */
const builtIn = join(import.meta.dirname, '..', '..', 'templates');

/**
 * A renderer that looks for `NAME.hbs` in the user's folder first, then in the built-in one. Files are read and compiled once.
 */
export function createRender(userFolder: string | undefined): Render {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('eq', (a: unknown, b: unknown) => a === b);
  const compiled = new Map<string, { path: string; source: string; run: HandlebarsTemplateDelegate }>();

  const load = (name: string): { path: string; source: string; run: HandlebarsTemplateDelegate } => {
    const before = compiled.get(name);
    if (before) return before;
    const { path, source } = find(name, userFolder);
    const run = handlebars.compile(source, {
      noEscape: true,
      strict: true,
      knownHelpers: { eq: true },
      knownHelpersOnly: true,
      preventIndent: true,
    });
    const loaded = { path, source, run };
    compiled.set(name, loaded);
    return loaded;
  };

  return (name, data) => {
    const { path, source, run } = load(name);
    const missing = undefinedCondition(handlebars, source, data);
    if (missing) throw new TemplateError({ template: path, line: missing.line, message: notDefined(missing.variable) });
    try {
      // A clone has ordinary objects only: Handlebars cannot name an undefined part of one without a prototype, as the
      // inventory's variables are.
      return run(structuredClone(data));
    } catch (error) {
      throw new TemplateError({ template: path, ...explain(error, source) });
    }
  };
}

function find(name: string, userFolder: string | undefined): { path: string; source: string } {
  for (const folder of userFolder === undefined ? [builtIn] : [userFolder, builtIn]) {
    const path = join(folder, `${name}.hbs`);
    const source = read(path);
    if (source.ok) return { path, source: source.value };
    if (source.error !== 'ENOENT') {
      throw new TemplateError({ template: path, line: 0, message: `cannot be read (${source.error})` });
    }
  }
  throw new TemplateError({ template: `${name}.hbs`, line: 0, message: 'there is no template of this name' });
}

function read(path: string): Result<string, string> {
  try {
    return ok(readFileSync(path, 'utf8'));
  } catch (error) {
    return err((error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}

/**
 * Handlebars' strict mode lets `{{#if name}}` pass for a name that is not there, and a mistyped condition would silently
 * drop its block: the top-level names in conditions and loops are looked up here.
 */
function undefinedCondition(
  handlebars: typeof Handlebars,
  source: string,
  data: Readonly<Record<string, unknown>>,
): { variable: string; line: number } | undefined {
  let program: hbs.AST.Program;
  try {
    program = handlebars.parse(source);
  } catch {
    return undefined; // A syntax error: rendering reports it.
  }
  for (const statement of program.body) {
    if (statement.type !== 'BlockStatement') continue;
    for (const parameter of (statement as hbs.AST.BlockStatement).params) {
      if (parameter.type !== 'PathExpression') continue;
      const { data: special, parts } = parameter as hbs.AST.PathExpression;
      const [first] = parts;
      // `@root.name` and the like are Handlebars' own.
      if (!special && first !== undefined && !Object.hasOwn(data, first)) {
        return { variable: first, line: parameter.loc.start.line };
      }
    }
  }
  return undefined;
}

function explain(error: unknown, source: string): { line: number; message: string } {
  const failure = error as { message?: string; lineNumber?: number };
  const message = failure.message ?? String(error);
  const [, last, line, column] = /^"(.+)" not defined in .+ - (\d+):(\d+)$/.exec(message) ?? [];
  if (last !== undefined) {
    // Handlebars names the last part of a path only: `here` of `nothing.here`.
    const written = source.split('\n')[Number(line) - 1]?.slice(Number(column));
    const whole = /^\{*[&~]?\s*([\w@./-]+)/.exec(written ?? '')?.[1];
    return { line: Number(line), message: notDefined(whole ?? last) };
  }
  const [, parseLine] = /^Parse error on line (\d+):/.exec(message) ?? [];
  if (parseLine !== undefined) return { line: Number(parseLine), message: message.replace(/\n/g, ' ') };
  const [, helper, helperLine] = /^You specified knownHelpersOnly, but used the unknown helper (\S+) - (\d+):/.exec(message) ?? [];
  if (helper !== undefined) return { line: Number(helperLine), message: `there is no helper "${helper}"` };
  return { line: failure.lineNumber ?? 0, message: message.split('\n')[0] ?? message };
}

function notDefined(variable: string): string {
  return `the variable "${variable}" is not defined`;
}

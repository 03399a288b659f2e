import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { home } from '../installation.ts';
import { err, ok, type Result } from '../result.ts';
import { TemplateError } from './failure.ts';

/** A template that was read already. */
export interface TemplateText {
  /** Where it was read, for messages. */
  readonly path: string;
  readonly source: string;
}

/** Renders the named template (`keepalived.conf`), or a text, with plain data. Throws {@link TemplateError}. */
export type Render = (template: string | TemplateText, data: Readonly<Record<string, unknown>>) => string;

/** The templates that come with lvsctl. */
const builtIn = join(home, 'templates');

/**
 * A renderer that looks for `NAME.hbs` in the user's folder first, then in the built-in one. Files are read and compiled once.
 */
export function createRender(userFolder: string | undefined): Render {
  const handlebars = Handlebars.create();
  guardBlocks(handlebars);
  // It would write to standard output, where a document may be expected.
  handlebars.unregisterHelper('log');
  const compiled = new Map<string, TemplateText & { run: HandlebarsTemplateDelegate }>();

  const load = (template: string | TemplateText): TemplateText & { run: HandlebarsTemplateDelegate } => {
    const name = typeof template === 'string' ? template : `text ${template.path}`;
    const before = compiled.get(name);
    if (before) return before;
    const { path, source } = typeof template === 'string' ? find(template, userFolder) : template;
    const run = handlebars.compile(source, {
      noEscape: true,
      strict: true,
      knownHelpers: { eq: true, log: false },
      knownHelpersOnly: true,
      preventIndent: true,
    });
    const loaded = { path, source, run };
    compiled.set(name, loaded);
    return loaded;
  };

  return (template, data) => {
    const { path, source, run } = load(template);
    try {
      return run(plain(data));
    } catch (error) {
      throw new TemplateError({ template: path, ...explain(error, source) });
    }
  };
}

function find(name: string, userFolder: string | undefined): TemplateText {
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

/** What Handlebars gives a helper, of which this much is used. */
type Options = Handlebars.HelperOptions & { readonly loc?: { readonly start: Place } };
interface Place {
  /** 1-based. */
  readonly line: number;
  /** 0-based. */
  readonly column: number;
}

/** A condition or a loop over a name that is not there. */
class UndefinedParameter extends Error {
  readonly place: Place | undefined;
  /** Whether it is the first parameter that is not there. */
  readonly first: boolean;

  constructor(place: Place | undefined, first = true) {
    super('undefined parameter');
    this.place = place;
    this.first = first;
  }
}

/**
 * Handlebars' strict mode lets `{{#if name}}` pass for a name that is not there, and a mistyped condition would silently drop
 * its block: the helpers of blocks refuse what is undefined. Values that are not set are null: see {@link plain}.
 */
function guardBlocks(handlebars: typeof Handlebars): void {
  for (const name of ['if', 'unless', 'each', 'with', 'blockHelperMissing']) {
    const original = handlebars.helpers[name] as Handlebars.HelperDelegate;
    handlebars.registerHelper(name, function (this: unknown, ...parameters: unknown[]) {
      const options = parameters.at(-1) as Options;
      if (parameters[0] === undefined) throw new UndefinedParameter(options.loc?.start);
      return original.apply(this, parameters as never) as unknown;
    });
  }
  handlebars.registerHelper('eq', (a: unknown, b: unknown, options: Options) => {
    if (a === undefined || b === undefined) throw new UndefinedParameter(options.loc?.start, a === undefined);
    return a === b;
  });
}

/**
 * Data as templates get it: ordinary objects, of which Handlebars can name an undefined part (it cannot of one without a
 * prototype, as the inventory's variables are), and null for what is not set.
 */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

function explain(error: unknown, source: string): { line: number; message: string } {
  if (error instanceof UndefinedParameter) {
    const { line, column } = error.place ?? { line: 0, column: 0 };
    const written = source.split('\n')[line - 1]?.slice(column) ?? '';
    const name = /^[{(~#^ ]*(?:(?:if|unless|each|with|eq)\s+)?\(?(?:eq\s+)?([\w@./-]+)/.exec(written)?.[1];
    return {
      line,
      message: name === undefined || !error.first ? 'a variable of this block is not defined' : notDefined(name),
    };
  }
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
  const [, helper, helperLine] =
    /^You specified knownHelpersOnly, but used the unknown helper (\S+) - (\d+):/.exec(message) ?? [];
  if (helper !== undefined) return { line: Number(helperLine), message: `there is no helper "${helper}"` };
  return { line: failure.lineNumber ?? 0, message: message.split('\n')[0] ?? message };
}

function notDefined(variable: string): string {
  return `the variable "${variable}" is not defined`;
}

import type * as z from 'zod';
import { printable, type Problem, problemAt } from '../problem.ts';
import { schema } from '../schema.ts';
import { nearest } from '../spelling.ts';
import { secretKey } from '../yaml/mask.ts';
import type { Path, Places } from '../yaml/places.ts';
import { keysAt, schemaAt, wanted } from './describe.ts';
import { notes } from './key.ts';

type Issue = z.core.$ZodIssue;

/** Says what the schema found wrong, with places: what was found, what is allowed, and the nearest right spelling. */
export function problemsOf(issues: readonly Issue[], value: unknown, places: Places): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, [], value, places));
}

function problemsOfIssue(issue: Issue, above: Path, value: unknown, places: Places): Problem[] {
  const path: Path = [...above, ...(issue.path as (string | number)[])];
  const found = valueAt(value, path);
  const last = path.at(-1);
  const report = (message: string, hint?: string, part?: 'key' | 'value') => [
    problemAt(places.written(path, part), 'schema', printable(message), hint),
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, 100).map((key) => unknownKey(key, path, places));
    case 'invalid_key':
      return report(issue.issues[0]?.message ?? 'not a name', undefined, 'key');
    case 'invalid_union': {
      const branch = issue.errors
        .filter((errors) => !errors.some(({ code, path: inner }) => code === 'invalid_type' && inner.length === 0))
        .sort((a, b) => a.length - b.length)[0];
      if (branch !== undefined) return branch.flatMap((inner) => problemsOfIssue(inner, path, value, places));
      return report(mismatch(found, path), hintFor(found, path));
    }
    case 'invalid_format':
    case 'custom':
      return report(secret(path) ? 'this text is not allowed here' : issue.message);
    case 'invalid_type':
      if (found === undefined) return report(...missing(String(last), path), 'key');
      return report(mismatch(found, path), hintFor(found, path));
    case 'invalid_value':
      if (!issue.message.startsWith('Invalid ')) return report(issue.message);
      return report(mismatch(found, path), spelling(found, issue.values.map(String)));
    case 'too_small':
      if (Array.isArray(found)) return report('the list is empty; it needs an entry', hintFor(found, path));
      return report(mismatch(found, path));
    case 'too_big':
    case 'not_multiple_of':
    case 'invalid_element':
      return report(mismatch(found, path));
  }
}

function unknownKey(key: string, path: Path, places: Places): Problem {
  const allowed = keysAt(schema, path);
  const near = nearest(key, allowed);
  const list = `allowed here: ${allowed.join(', ')}`;
  const hint = near === undefined ? list : `did you mean "${near}"?\n${list}`;
  return problemAt(
    places.written([...path, key], 'key'),
    'unknown-key',
    printable(`unknown key "${key.slice(0, 60)}"`),
    hint,
  );
}

function missing(key: string, path: Path): [message: string, hint: string | undefined] {
  const at = schemaAt(schema, path);
  const note = at === undefined ? undefined : notes.get(at);
  const wants = at === undefined ? undefined : `${key}: ${wanted(at)}`;
  return [`"${key}" is missing`, note === undefined ? wants : `${note.is} (${wants ?? ''})`];
}

function mismatch(found: unknown, path: Path): string {
  const at = schemaAt(schema, path);
  const shown = secret(path) ? kind(found) : describe(found);
  return `found ${shown}, wanted ${at === undefined ? 'something else' : wanted(at)}`;
}

function hintFor(found: unknown, path: Path): string | undefined {
  const at = schemaAt(schema, path);
  const wants = at === undefined ? '' : wanted(at);
  if (secret(path)) return typeof found === 'number' ? 'put it in quotes' : undefined;
  if (wants.startsWith('a list') && typeof found === 'string') return `write [${found.slice(0, 60)}]`;
  if (wants.includes('true or false') && typeof found === 'string')
    return 'write true or false: yes, no, on and off are texts';
  if (wants.startsWith('a whole number') && typeof found === 'string' && /^\d+$/.test(found))
    return `write ${found} without quotes`;
  if (typeof found === 'number' && !wants.includes('number')) return `if the text is meant, quote it: '${found}'`;
  return found === null ? 'nothing stands after the colon: write a value, or take the key out' : undefined;
}

function spelling(found: unknown, allowed: string[]): string | undefined {
  const near = typeof found === 'string' ? nearest(found, allowed) : undefined;
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

/** A value in words, `the text "eighty"`. */
function describe(found: unknown): string {
  if (typeof found === 'string')
    return `the text ${JSON.stringify(found.length > 40 ? `${found.slice(0, 40)}…` : found)}`;
  if (typeof found === 'number') return `the number ${found}`;
  return typeof found === 'boolean' ? String(found) : kind(found);
}

function kind(found: unknown): string {
  if (found === undefined || found === null) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a map';
  return typeof found === 'string' ? 'a text' : `a ${typeof found}`;
}

function secret(path: Path): boolean {
  if (path.some((step) => step === 'age' || step === 'recipients')) return false;
  return path.some((step) => typeof step === 'string' && secretKey.test(step));
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

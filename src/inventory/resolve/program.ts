import type { Notify, Program } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { resolveScript } from './script.ts';

type WrittenNotify = NonNullable<NonNullable<Written['vrrp']>[string]['notify']>;

/** A program and its arguments: from `/` it is one of the directors, else a script of the operator's machine. */
export function resolveProgram(written: string | readonly string[], path: Path, context: Context): Program | undefined {
  const [first = '', ...args] = typeof written === 'string' ? [written] : written;
  if (first.startsWith('/')) return { path: first, args, script: undefined };
  const script = resolveScript(first, typeof written === 'string' ? path : [...path, 0], context);
  return script && { path: script.path, args, script };
}

/** What is run when the state changes. */
export function resolveNotify(written: WrittenNotify | undefined, path: Path, context: Context): Notify {
  const of = (event: Exclude<keyof WrittenNotify, 'user'>): Program | undefined => {
    const program = written?.[event];
    return program === undefined ? undefined : resolveProgram(program, [...path, event], context);
  };
  return {
    all: of('all'),
    master: of('master'),
    backup: of('backup'),
    fault: of('fault'),
    stop: of('stop'),
    user: written?.user ?? 'root',
  };
}

/** Nothing is run. */
export const silent: Notify = {
  all: undefined,
  master: undefined,
  backup: undefined,
  fault: undefined,
  stop: undefined,
  user: 'root',
};

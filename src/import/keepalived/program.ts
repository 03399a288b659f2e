import { scriptFolder } from '../../inventory/resolve/script.ts';
import type { Statement } from '../../keepalived/parse.ts';
import { put, type Entry } from '../draft.ts';
import { commandWords, type Keyword, type Keywords } from './keyword.ts';

/** Where scripts that lvsctl brought to a director are looked for beside the inventory. */
const localFolder = 'scripts';

/** A program as the inventory has it: what lvsctl brought is a script beside the inventory again, all else is on the directors. */
export function programOf(command: readonly string[]): string | string[] | undefined {
  const [path = '', ...args] = commandWords(command);
  if (!path.startsWith('/')) return undefined;
  const program = localScript(path) ?? path;
  return args.length === 0 ? program : [program, ...args];
}

/** The script beside the inventory that a path on a director came from; undefined: it is not one of ours. */
export function localScript(path: string): string | undefined {
  return path.startsWith(`${scriptFolder}/`) ? `${localFolder}/${path.slice(scriptFolder.length + 1)}` : undefined;
}

/** `notify… "PROGRAM ARGUMENTS" [USER [GROUP]]`; the last user holds for all. */
export function event(key: string): Keyword {
  return ({ words: [, command = '', user, ...more] }: Statement, entry, { draft }) => {
    const program = programOf([command]);
    if (program === undefined || more.length > 0) return false;
    put(entry, `notify.${key}`, program);
    const runs = user ?? draft.scriptUser;
    const notify = entry['notify'] as Entry;
    if (runs !== undefined && runs !== 'root') notify['user'] = runs;
    return true;
  };
}

/** What is run when the state changes. */
export const notifications: Keywords = {
  notify: event('all'),
  notify_master: event('master'),
  notify_backup: event('backup'),
  notify_fault: event('fault'),
  notify_stop: event('stop'),
};

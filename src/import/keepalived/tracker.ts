import type { Statement } from '../../keepalived/parse.ts';
import type { Draft, Entry } from '../draft.ts';
import { decimal, leave, readBlock, seconds, set, whole, word, type Keyword, type Keywords } from './keyword.ts';
import { trackerOfSession } from './bfd.ts';
import { trackerPrefix } from '../../keepalived/hand-over.ts';
import { programOf } from './program.ts';

const weight = set('weight', ([text = '']) => (/^-?\d{1,3}$/.test(text) ? Number(text) : undefined));

/** `vrrp_script NAME { … }`: what trackers by this name watch. */
const script: Keywords = {
  script: set('script', programOf),
  interval: set('interval', seconds),
  timeout: set('timeout', seconds),
  rise: set('rise', whole(1, 1_000)),
  fall: set('fall', whole(1, 1_000)),
  user: set('user', word),
  weight,
};

/** `vrrp_track_process NAME { … }`. */
const process: Keywords = {
  process: set('process', word),
  quorum: set('quorum', whole(1, 65_535)),
  delay: set('delay', decimal(0.001, 3_600)),
  weight,
};

/** `track_file NAME { … }`. */
const file: Keywords = {
  file: set('file', word),
  init_file: set('initial', ([text = '0']) => (/^-?\d{1,6}$/.test(text) ? Number(text) : undefined)),
  weight,
};

/** What the inventory has for what is not written. */
const usual: Entry = { interval: 1, rise: 1, fall: 1, quorum: 1, initial: 0 };

/** The block of a tracker. */
function definition(keywords: Keywords): Keyword {
  return ({ words: [, name = ''], block }, _entry, scope) => {
    const entry: Entry = {};
    readBlock(block ?? [], keywords, entry, scope);
    if (entry['timeout'] === (entry['interval'] ?? 1)) delete entry['timeout'];
    for (const [key, value] of Object.entries(usual)) if (entry[key] === value) Reflect.deleteProperty(entry, key);
    scope.draft.trackers.set(name, entry);
    if (typeof entry['file'] === 'string') scope.draft.files.set(name, entry['file']);
    return true;
  };
}

/** The blocks that define trackers. */
export const trackerBlocks: Keywords = {
  vrrp_script: definition(script),
  vrrp_track_process: definition(process),
  track_process: definition(process),
  vrrp_track_file: definition(file),
  track_file: definition(file),
};

/** A block in an instance or a sync group that names what is tracked, `NAME [weight N]` a line. */
function tracked(of: (name: string, known: Entry | undefined, draft: Draft) => Entry | undefined): Keyword {
  return ({ block }, entry, scope) => {
    for (const statement of block ?? []) {
      // What lvsctl adds by itself to each instance.
      if (statement.words[0]?.startsWith(trackerPrefix) === true) continue;
      const found = trackerOf(statement, of, scope.draft);
      if (found === undefined) leave(statement, scope, 'is not NAME [weight N] of something that is defined');
      else entry['track'] = [...((entry['track'] as Entry[] | undefined) ?? []), found];
    }
    return true;
  };
}

function trackerOf(
  { words: [name = '', key, value, ...more] }: Statement,
  of: (name: string, known: Entry | undefined, draft: Draft) => Entry | undefined,
  draft: Draft,
): Entry | undefined {
  const made = of(name, draft.trackers.get(name), draft);
  if (made === undefined || more.length > 0) return undefined;
  if (key === undefined) return made;
  const number = Number(value);
  return key === 'weight' && Number.isInteger(number) ? { ...made, weight: number } : undefined;
}

const defined = (name: string, known: Entry | undefined): Entry | undefined => known && { ...known, name };

/** What an instance or a sync group watches. */
export const trackerLists: Keywords = {
  track_interface: tracked((name) => ({ interface: name })),
  track_script: tracked(defined),
  track_process: tracked((name, known) => (known?.['process'] === name ? { ...known } : defined(name, known))),
  track_file: tracked(defined),
  track_bfd: tracked((name, _known, draft) => trackerOfSession(name, draft)),
};

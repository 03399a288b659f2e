import type { Section } from '../observe/frame.ts';
import { lockPath, readBrokenOff, readHolder, type BrokenOff, type Holder } from './lock.ts';
import { stateFolder } from './run-folder.ts';

/** What is going on on a host besides this run, or came to no end there. */
export interface UnderWay {
  /** Who holds the host's lock. */
  readonly holder: Holder | undefined;
  readonly brokenOff: readonly BrokenOff[];
}

/** Asks a host for it; see {@link readUnderWay}. Only builtins of sh: it travels with every plan. */
export const underWaySection: Section = {
  name: 'under-way',
  sh: String.raw`first_line() { line=; { read -r line <"$1"; } 2>/dev/null; printf '%s\n' "$line"; }
first_line ${lockPath}
for folder in ${stateFolder}/run-*; do
  [ -d "$folder" ] || continue
  state=left
  [ ! -e "$folder/taken-back" ] || state=taken-back
  printf '%s ' $state
  first_line "$folder/who"
done`,
};

/** Reads the answer. A run whose lock is held is under way and has not broken off. */
export function readUnderWay(output: string): UnderWay {
  const [lock = '', ...runs] = output.split('\n').filter((line, index) => index === 0 || line !== '');
  const holder = readHolder(lock);
  // What a roll-out does to directors in between are small runs of the same process.
  const same = (one: Holder | undefined): boolean =>
    one !== undefined &&
    holder !== undefined &&
    one.by === holder.by &&
    one.pid === holder.pid &&
    one.since === holder.since;
  const brokenOff = runs.map(readBrokenOff).filter((run) => !same(run.holder));
  return { holder, brokenOff };
}

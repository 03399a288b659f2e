import { randomBytes } from 'node:crypto';

/** What lvsctl keeps on a host; only root can read it. */
export const stateFolder = '/var/lib/lvsctl';

/** One run of lvsctl that changes hosts: how the operator's side and every host call it. 16 hex digits, not to be guessed. */
export type RunId = string;

/** A name for a new run. */
export function newRunId(): RunId {
  return randomBytes(8).toString('hex');
}

/** The folder on a host that holds all it takes to undo a run; there from its first stage until the run is over. */
export function runFolder(run: RunId): string {
  return `${stateFolder}/run-${run}`;
}

/** The folder of one stage of a run, named so that their order is the order of their names. `position` counts from 0 to 99. */
export function stageFolder(run: RunId, position: number): string {
  return `${runFolder(run)}/${String(position).padStart(2, '0')}`;
}

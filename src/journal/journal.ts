import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ApplyResult } from '../apply/apply.ts';
import type { Holder } from '../apply/lock.ts';
import type { Event, Listener } from '../events.ts';
import type { SavedPlan } from '../plan/saved.ts';
import { redact } from '../secret.ts';

/** The record of one run on the operator's side: a file of JSON lines, each with `at` (ISO 8601) and `type`. */
export interface Journal {
  /** Why nothing can be recorded. */
  readonly problems: readonly string[];
  readonly listen: Listener;
  plan(plan: SavedPlan): void;
  result(
    result: Pick<ApplyResult, 'failures' | 'skipped' | 'interrupted'> & { readonly proofs: readonly unknown[] },
  ): void;
  /** Writes the exit code and ends. */
  close(code: number): void;
}

/** The folder of all records: `$XDG_STATE_HOME/lvsctl/runs`, by the XDG base directory specification. */
export function journalFolder(env: NodeJS.ProcessEnv): string {
  const state = env['XDG_STATE_HOME'];
  const base = state !== undefined && state.startsWith('/') ? state : join(env['HOME'] ?? homedir(), '.local', 'state');
  return join(base, 'lvsctl', 'runs');
}

/**
 * Begins the record of a run, readable to its owner only. It is written line by line, so that also a run that is killed has one. A
 * disk that is full must not keep anybody from repairing a cluster: what cannot be recorded is said, and the run goes on.
 */
export function openJournal(env: NodeJS.ProcessEnv, holder: Holder, cluster: string): Journal {
  const folder = journalFolder(env);
  const name = `${holder.since.replaceAll(':', '-')}-${holder.run}.jsonl`;
  const problems: string[] = [];
  let file: number | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    file = openSync(join(folder, name), 'wx', 0o600);
  } catch (error) {
    problems.push(`This run is not recorded: ${(error as Error).message}`);
  }
  const write = (type: string, data: object): void => {
    if (file === undefined) return;
    try {
      writeSync(file, `${redact(JSON.stringify({ at: new Date().toISOString(), type, ...data }))}\n`);
    } catch {
      // The disk filled up meanwhile: what is there stays.
    }
  };
  write('begun', { ...holder, cluster });
  return {
    problems,
    listen: (event) => {
      const data = recorded(event);
      if (data) write(event.type, data);
    },
    plan: (plan) => {
      write('plan', { plan });
    },
    result: (result) => {
      write('result', { ...result });
    },
    close: (code) => {
      write('ended', { code });
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** What of an event is recorded: what a step does stands in the plan already. */
function recorded(event: Event): object | undefined {
  switch (event.type) {
    case 'step-started':
    case 'step-done':
      return { stage: event.stage, host: event.host, resource: event.step.resource, action: event.step.action };
    case 'host-failed':
      return { failure: event.failure };
    case 'probing':
      return undefined;
    default:
      return event;
  }
}

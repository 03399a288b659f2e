import type { Event, Listener } from '../events.ts';
import { count } from '../report/plan.ts';

/** A view of a run while it goes on. */
export interface ProgressView {
  readonly listen: Listener;
  /** Ends the view; nothing is drawn after it. */
  close(): Promise<void>;
}

/** One line of what is going on: few rows that are fed by many hosts. */
export interface Row {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly state: 'running' | 'done' | 'failed';
}

/**
 * Counts events into the row that stands for what goes on now: connecting, a stage, proving. Gives the row as it was for an
 * event that does not touch it.
 */
export function advance(
  row: Row | undefined,
  event: Event,
  counts: Map<string, { done: number; total: number }>,
): Row | undefined {
  const set = (key: string, title: string, detail: string, state: Row['state'] = 'running'): Row => ({
    key,
    title,
    detail,
    // A failure among many hosts is not forgotten while the others go on.
    state: row?.key === key && row.state === 'failed' ? 'failed' : state,
  });
  const tally = (key: string, step: number, total?: number): string => {
    const before = counts.get(key) ?? { done: 0, total: 0 };
    const now = { done: before.done + step, total: total ?? before.total };
    counts.set(key, now);
    return `${now.done}/${now.total}`;
  };
  switch (event.type) {
    case 'connecting':
      counts.delete('look');
      return set('look', 'look at the hosts', tally('look', 0, event.hosts.length));
    case 'connect-step':
    case 'asked':
    case 'answered':
      return row;
    case 'connected':
      return set('look', 'look at the hosts', `${tally('look', 0)} · ${event.host} connected`);
    case 'observed': {
      const seen = tally('look', 1);
      const { done, total } = counts.get('look') ?? { done: 0, total: 0 };
      return set('look', 'look at the hosts', seen, done === total ? 'done' : 'running');
    }
    case 'connect-failed':
    case 'observe-failed':
      return set('look', 'look at the hosts', `${event.failure.host}: ${event.failure.detail}`, 'failed');
    case 'stage-started':
      return set(
        event.stage,
        event.stage,
        `${tally(event.stage, 0, event.steps)} steps on ${count(event.hosts, 'host')}`,
      );
    case 'step-started':
      return set(event.stage, event.stage, `${tally(event.stage, 0)} · ${event.host}: ${event.step.resource}`);
    case 'step-done':
      return set(event.stage, event.stage, `${tally(event.stage, 1)} · ${event.host}: ${event.step.resource}`);
    case 'step-note':
      return set(event.stage, event.stage, `${tally(event.stage, 0)} · ${event.host} ${event.text}`);
    case 'host-done':
      return set(event.stage, event.stage, `${tally(event.stage, 0)} · ${event.host} done`);
    case 'host-failed':
      return set(event.failure.stage, event.failure.stage, `${event.failure.host} failed`, 'failed');
    case 'stage-ended':
      return event.failed.length > 0
        ? set(event.stage, event.stage, `failed on ${event.failed.join(', ')}`, 'failed')
        : set(event.stage, event.stage, `${tally(event.stage, 0)} steps`, 'done');
    case 'locking':
      return set('lock', 'lock', event.text);
    case 'draining':
      return set('drain', 'drain', event.text);
    case 'probing':
      return set('verify', 'verify', event.text);
    case 'drilling':
      return set(event.drill, event.drill, event.text);
    case 'drilled':
      return set(event.drill, event.drill, event.status, event.status === 'passed' ? 'done' : 'failed');
    case 'interrupted':
      return row && { ...row, detail: 'interrupted: what has begun comes to its end' };
  }
}

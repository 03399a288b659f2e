import { vi } from 'vitest';
import type { Holder } from '../../src/apply/lock.ts';
import type { Run } from '../../src/apply/run.ts';
import { err } from '../../src/result.ts';

/** Whoever runs lvsctl in the tests. */
export const holder: Holder = {
  run: '00112233445566aa',
  by: 'ann@laptop',
  pid: 4711,
  command: 'apply',
  since: '2026-11-21T10:00:00.000Z',
};

/** A run on hosts that cannot be logged in to anew, unless a test says otherwise; waiting takes no time where Date is faked. */
export function makeRun(parts: Pick<Run, 'connections'> & Partial<Run>): Run {
  return {
    holder,
    listen: () => undefined,
    signal: new AbortController().signal,
    reconnect: (host) =>
      Promise.resolve(err({ reason: 'unreachable', host, detail: 'no route to host', hint: 'look at it' })),
    wait: (milliseconds) => {
      vi.setSystemTime(Date.now() + milliseconds);
      return Promise.resolve();
    },
    ...parts,
  };
}

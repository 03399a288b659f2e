import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/events.ts';
import { plainProgress } from '../../src/ui/plain-progress.ts';
import { advance, type Row } from '../../src/ui/progress.ts';
import { Secret } from '../../src/secret.ts';
import { makeStep } from '../support/steps.ts';

const step = makeStep('file /a', { summary: 'content' });
const unreachable = { reason: 'timeout', host: 'web2', detail: 'no answer', hint: '' } as const;
const failure = { host: 'web2', stage: 'base', step, cause: { code: 1 }, output: [], undone: [], kept: [] } as const;
const stage = 'base';

/** Events, the row that they come to, and the line that each is worth: quiet, and for those who want to know more. */
const story: readonly [
  event: Event,
  detail: string,
  state: Row['state'],
  line: string | undefined,
  verbose?: string,
][] = [
  [{ type: 'connecting', hosts: ['web1', 'web2'] }, '0/2', 'running', 'looking at 2 hosts'],
  [{ type: 'connect-step', host: 'web1', step: 'tcp' }, '0/2', 'running', undefined],
  [{ type: 'connected', host: 'web1' }, '0/2 · web1 connected', 'running', undefined, 'web1: connected'],
  [{ type: 'asked', host: 'web1' }, '0/2 · web1 connected', 'running', undefined],
  [{ type: 'answered', host: 'web1' }, '0/2 · web1 connected', 'running', undefined],
  [{ type: 'observed', host: 'web1' }, '1/2', 'running', undefined, 'web1: observed'],
  [{ type: 'observed', host: 'web2' }, '2/2', 'done', undefined, 'web2: observed'],
  [{ type: 'stage-started', stage, hosts: 1, steps: 2 }, '0/2 steps on 1 host', 'running', 'base: 2 steps on 1 host'],
  [
    { type: 'step-started', stage, host: 'web1', step },
    '0/2 · web1: file /a',
    'running',
    undefined,
    'base: web1: ~ file /a  content',
  ],
  [{ type: 'step-note', stage, host: 'web1', text: 'waits' }, '0/2 · web1 waits', 'running', 'base: web1 waits'],
  [{ type: 'step-done', stage, host: 'web1', step }, '1/2 · web1: file /a', 'running', undefined],
  [
    { type: 'interrupted' },
    'interrupted: what has begun comes to its end',
    'running',
    'interrupted: what has begun comes to its end; again to cut the connections',
  ],
  [{ type: 'host-done', stage, host: 'web1' }, '1/2 · web1 done', 'running', 'base: web1 done'],
  [{ type: 'host-failed', failure }, 'web2 failed', 'failed', 'base: web2 failed'],
  [{ type: 'step-done', stage, host: 'web1', step }, '2/2 · web1: file /a', 'failed', undefined],
  [{ type: 'stage-ended', stage, failed: ['web2'] }, 'failed on web2', 'failed', 'base: failed on web2'],
  [
    { type: 'stage-started', stage: 'directors', hosts: 2, steps: 1 },
    '0/1 steps on 2 hosts',
    'running',
    'directors: 1 step on 2 hosts',
  ],
  [{ type: 'stage-ended', stage: 'directors', failed: [] }, '0/1 steps', 'done', undefined],
  [{ type: 'probing', text: 'VIP' }, 'VIP', 'running', undefined, 'verify: VIP'],
  [{ type: 'connecting', hosts: ['web1'] }, '0/1', 'running', 'looking at 1 host'],
  [{ type: 'connect-failed', failure: unreachable }, 'web2: no answer', 'failed', undefined, 'web2: no answer'],
  [{ type: 'observed', host: 'web1' }, '1/1', 'failed', undefined, 'web1: observed'],
];

test('events come to one row that tells what goes on', () => {
  const counts = new Map<string, { done: number; total: number }>();
  let row: Row | undefined;
  const rows = story.map(([event]) => {
    row = advance(row, event, counts);
    return [row?.detail, row?.state];
  });
  expect(rows).toEqual(story.map(([, detail, state]) => [detail, state]));
});

test('an interruption before anything has begun is no row', () => {
  expect(advance(undefined, { type: 'interrupted' }, new Map())).toBeUndefined();
});

describe('lines', () => {
  const linesOf = (verbose: boolean, events: readonly Event[]): string[] => {
    const lines: string[] = [];
    const view = plainProgress((line) => lines.push(line), verbose);
    for (const event of events) view.listen(event);
    return lines;
  };
  const events = story.map(([event]) => event);

  test('tell what matters', () => {
    expect(linesOf(false, events)).toEqual(story.flatMap(([, , , line]) => line ?? []));
  });

  test('tell more to those who want to know', () => {
    expect(linesOf(true, events)).toEqual(story.flatMap(([, , , line, more]) => line ?? more ?? []));
  });

  test('are one line each, harmless, and without secrets', () => {
    const secret = new Secret('staple-battery', 'a test').reveal();
    const text = `a\nb\u001b[2J ${secret}`;
    expect(linesOf(false, [{ type: 'step-note', stage, host: 'web1', text }])).toEqual([
      'base: web1 a b\\x1b[2J ********',
    ]);
  });
});

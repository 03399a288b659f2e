import { PassThrough } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/events.ts';
import { Secret } from '../../src/secret.ts';
import { terminalProgress } from '../../src/ui/terminal-progress.ts';
import { makeStep } from '../support/steps.ts';

/** A terminal that keeps what is painted. */
function fakeTerminal(): { stream: NodeJS.WriteStream; painted: string[] } {
  const painted: string[] = [];
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 100,
    rows: 30,
    hasColors: () => false,
    getColorDepth: () => 1,
  });
  stream.write = ((text: string | Uint8Array) => {
    painted.push(String(text));
    return true;
  }) as typeof stream.write;
  return { stream: stream as unknown as NodeJS.WriteStream, painted };
}

const stage = 'base';
const step = makeStep('file /a');

async function paint(events: readonly Event[]): Promise<{ text: string; paints: number; milliseconds: number }> {
  const { stream, painted } = fakeTerminal();
  const began = performance.now();
  const view = terminalProgress(stream, fakeTerminal().stream);
  for (const [index, event] of events.entries()) {
    view.listen(event);
    // As they come from many connections: not all in one turn of the event loop.
    if (index % 50 === 0) await setImmediate();
  }
  await view.close();
  return { text: painted.join(''), paints: painted.length, milliseconds: performance.now() - began };
}

describe('a view on a terminal', () => {
  const hosts = Array.from({ length: 2000 }, (_, index) => `web${index}`);

  test('of 2,000 hosts is no burden', async () => {
    const events: Event[] = [
      { type: 'connecting', hosts },
      ...hosts.flatMap((host): Event[] => [
        { type: 'connected', host },
        { type: 'observed', host },
      ]),
      { type: 'stage-started', stage, hosts: hosts.length, steps: 10 * hosts.length },
      ...hosts.flatMap((host): Event[] => [
        ...Array.from({ length: 10 }, (): Event[] => [
          { type: 'step-started', stage, host, step },
          { type: 'step-done', stage, host, step },
        ]).flat(),
        { type: 'host-done', stage, host },
      ]),
      { type: 'stage-ended', stage, failed: [] },
    ];
    const { text, paints, milliseconds } = await paint(events);
    expect(events.length).toBeGreaterThan(45_000);
    expect(paints).toBeLessThan(200);
    expect(milliseconds).toBeLessThan(60_000);
    expect(text).toContain('look at the hosts  2000/2000');
    expect(text).toContain('base  20000/20000 steps');
  });

  test('shows a row that failed as failed, and what comes after it', async () => {
    const failure = { host: 'web1', stage, step, cause: { code: 1 }, output: [], undone: [], kept: [] } as const;
    const { text } = await paint([
      { type: 'stage-started', stage, hosts: 1, steps: 1 },
      { type: 'host-failed', failure },
      { type: 'stage-ended', stage, failed: ['web1'] },
      { type: 'probing', text: 'the VIP' },
    ]);
    expect(text).toContain('base  failed on web1');
    expect(text).toContain('verify  the VIP');
    expect(text.indexOf('failed on web1')).toBeLessThan(text.indexOf('verify'));
  });

  test('paints what happens while it happens', async () => {
    const { stream, painted } = fakeTerminal();
    const view = terminalProgress(stream, fakeTerminal().stream);
    view.listen({ type: 'connecting', hosts: ['web1'] });
    await setTimeout(50);
    view.listen({ type: 'connected', host: 'web1' });
    await expect.poll(() => painted.join('')).toContain('web1 connected');
    await view.close();
    const after = painted.length;
    await setTimeout(300);
    expect(painted).toHaveLength(after);
  });

  test('shows every row of a run that takes its time, and lets go of both streams at its end', async () => {
    const { stream, painted } = fakeTerminal();
    const other = fakeTerminal();
    const view = terminalProgress(stream, other.stream);
    for (const one of ['base', 'storage', 'directors'] as const) {
      view.listen({ type: 'stage-started', stage: one, hosts: 1, steps: 1 });
      await setTimeout(150);
      view.listen({ type: 'stage-ended', stage: one, failed: one === 'storage' ? ['web1'] : [] });
    }
    await view.close();
    stream.write('the report');
    other.stream.write('the result');
    const text = painted.join('');
    for (const row of ['base  0/1 steps', 'storage  failed on web1', 'directors  0/1 steps'])
      expect(text).toContain(row);
    expect(text.endsWith('the report')).toBe(true);
    expect(other.painted).toEqual(['the result']);
  });

  test('ends although nothing happened, and twice', async () => {
    const { stream, painted } = fakeTerminal();
    const view = terminalProgress(stream, fakeTerminal().stream);
    view.listen({ type: 'interrupted' });
    await view.close();
    await view.close();
    expect(painted).toEqual([]);
  });

  test('shows neither secrets nor what a host says to the terminal', async () => {
    const secret = new Secret('horse-correct-9', 'a test').reveal();
    const { text } = await paint([
      { type: 'step-note', stage, host: 'web1', text: `\u001b]0;owned\u0007 ${secret}\nsecond line` },
    ]);
    expect(text).not.toContain('\u001b]0;');
    expect(text).not.toContain(secret);
    expect(text).toContain('\\x1b]0;owned\\x07 ******** second line');
  });
});

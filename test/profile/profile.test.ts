import { expect, test } from 'vitest';
import type { Event } from '../../src/events.ts';
import { Recorder, type Span } from '../../src/profile/recorder.ts';
import { profileText } from '../../src/profile/table.ts';
import { traceOf } from '../../src/profile/trace.ts';
import { plain } from '../../src/ui/style.ts';

/** A run of three hosts, of which one is refused: what happened, and when. */
const story: readonly [at: number, what: Event | Parameters<Recorder['enter']>[0]][] = [
  [100, 'inventory'],
  [150, 'wishes'],
  [160, 'hosts'],
  [160, { type: 'connecting', hosts: ['web1', 'web2', 'web3'] }],
  [161, { type: 'connect-step', host: 'web1', step: 'tcp' }],
  [161, { type: 'connect-step', host: 'web2', step: 'tcp' }],
  [163, { type: 'connect-step', host: 'web1', step: 'handshake' }],
  [170, { type: 'connect-step', host: 'web2', step: 'handshake' }],
  // A host that shows a key of another type is called twice.
  [175, { type: 'connect-step', host: 'web2', step: 'tcp' }],
  [180, { type: 'connect-step', host: 'web2', step: 'handshake' }],
  [183, { type: 'connect-step', host: 'web1', step: 'login' }],
  [190, { type: 'connected', host: 'web1' }],
  [190, { type: 'asked', host: 'web1' }],
  [200, { type: 'connect-step', host: 'web3', step: 'tcp' }],
  [210, { type: 'connect-failed', failure: { reason: 'unreachable', host: 'web3', detail: '', hint: '' } }],
  [1400, { type: 'answered', host: 'web1' }],
  [1402, { type: 'observed', host: 'web1' }],
  [1500, 'diff'],
];

function recorded(): readonly Span[] {
  let now = 0;
  const recorder = new Recorder(() => now);
  for (const [at, what] of story) {
    now = at;
    if (typeof what === 'string') recorder.enter(what);
    else recorder.listen(what);
  }
  now = 1600;
  return recorder.finish();
}

test('the phases of a run leave no gap, and those of a host follow one another', () => {
  const spans = recorded();
  const own = spans.filter(({ host }) => host === undefined);
  expect(own.map(({ phase, from, to }) => [phase, from, to])).toEqual([
    ['start', 0, 100],
    ['inventory', 100, 150],
    ['wishes', 150, 160],
    ['hosts', 160, 1500],
    ['diff', 1500, 1600],
  ]);
  const of = (name: string) =>
    spans.filter(({ host }) => host === name).map(({ phase, from, to }) => [phase, from, to]);
  expect(of('web1')).toEqual([
    ['queue', 160, 161],
    ['tcp', 161, 163],
    ['handshake', 163, 183],
    ['login', 183, 190],
    ['observe', 190, 1400],
    ['read', 1400, 1402],
  ]);
  expect(of('web3')).toEqual([
    ['queue', 160, 200],
    ['tcp', 200, 210],
  ]);
  // Cut off in the middle by the end of the run.
  expect(of('web2').at(-1)).toEqual(['handshake', 180, 1600]);
});

test('the table has the least, the median and the most of the hosts that came so far', () => {
  expect(profileText(recorded(), plain)).toEqual([
    '                               least  median    most',
    'start of the process  100 ms',
    'inventory              50 ms',
    'wishes                 10 ms',
    'hosts                 1.34 s',
    '  queue                       1.0 ms  1.0 ms   40 ms',
    '  connect                     2.0 ms   10 ms   14 ms',
    '  handshake                    20 ms  1.43 s  1.43 s',
    '  login                       7.0 ms  7.0 ms  7.0 ms',
    '  observe                     1.21 s  1.21 s  1.21 s',
    '  read                        2.0 ms  2.0 ms  2.0 ms',
    'diff                  100 ms',
    'all                   1.60 s',
    'slowest  web2 1.44 s, of which handshake 1.43 s',
    '         web1 1.24 s, of which observe 1.21 s',
    '         web3 50 ms, of which queue 40 ms',
  ]);
});

test('a run without hosts has a table too', () => {
  const recorder = new Recorder(() => 5);
  expect(profileText(recorder.finish(), plain)).toEqual([
    '                              least  median  most',
    'start of the process  5.0 ms',
    'all                   5.0 ms',
  ]);
});

test('the trace has a row a host, in microseconds', () => {
  const trace = traceOf(recorded());
  const rows = trace.filter((event) => event.ph === 'M');
  expect(rows.map(({ tid, args }) => [tid, args.name])).toEqual([
    [0, 'lvsctl'],
    [1, 'web1'],
    [2, 'web2'],
    [3, 'web3'],
  ]);
  expect(trace).toContainEqual({ ph: 'X', name: 'observe', cat: 'host', ts: 190_000, dur: 1_210_000, pid: 1, tid: 1 });
  expect(trace.filter(({ ph }) => ph === 'X')).toHaveLength(recorded().length);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../src/events.ts';
import { Recorder, type Span } from '../../src/profile/recorder.ts';
import { profileText } from '../../src/profile/table.ts';
import { traceOf } from '../../src/profile/trace.ts';
import { plain } from '../../src/ui/style.ts';

/** A run of three hosts, of which one is refused: what happened, and when. */
const story: readonly [at: number, what: Event | Parameters<Recorder['enter']>[0]][] = [
  [100, 'inventory'],
  [150, 'hosts'],
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
    ['hosts', 150, 1500],
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
    'hosts                 1.35 s',
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
  const rows = trace.flatMap((event) =>
    'args' in event && 'name' in event.args ? [[event.name, event.tid, event.args.name]] : [],
  );
  expect(rows).toEqual([
    ['process_name', 1, 'lvsctl'],
    ['thread_name', 1, 'lvsctl'],
    ['thread_name', 2, 'web1'],
    ['thread_name', 3, 'web2'],
    ['thread_name', 4, 'web3'],
  ]);
  expect(trace).toContainEqual({ ph: 'X', name: 'observe', cat: 'host', ts: 190_000, dur: 1_210_000, pid: 1, tid: 2 });
  expect(trace.filter(({ ph }) => ph === 'X')).toHaveLength(recorded().length);
});

/**
 * What the Trace Event Format asks of a file that is a list of complete and metadata events, from the file alone: the fields that
 * each has, that each row has a name and a place, and that in a row nothing is begun within one thing and ended outside it.
 */
function faultsOf(text: string): string[] {
  const faults: string[] = [];
  const events = JSON.parse(text) as Record<string, unknown>[];
  const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  const named = new Map<string, Set<unknown>>();
  for (const event of events) {
    const { ph, name, ts, dur, cat, pid, tid, args } = event;
    const said = JSON.stringify(event);
    if (ph !== 'X' && ph !== 'M') faults.push(`another phase: ${said}`);
    if (typeof name !== 'string' || name === '') faults.push(`no name: ${said}`);
    if (![ts, pid, tid].every(isWhole) || tid === 0) faults.push(`no ts, pid or tid: ${said}`);
    if (ph === 'X' && (!isWhole(dur) || typeof cat !== 'string')) faults.push(`no length or category: ${said}`);
    if (ph !== 'M') continue;
    const value = (args as Record<string, unknown>)[name === 'thread_sort_index' ? 'sort_index' : 'name'];
    if (name === 'thread_sort_index' ? !isWhole(value) : typeof value !== 'string') faults.push(`no value: ${said}`);
    const row = name === 'process_name' ? `process ${String(pid)}` : `row ${String(tid)}`;
    const names = named.get(row) ?? new Set();
    if (names.has(name)) faults.push(`named twice: ${said}`);
    named.set(row, names.add(name));
  }
  const spans = events.filter(({ ph }) => ph === 'X') as {
    name: string;
    ts: number;
    dur: number;
    pid: number;
    tid: number;
  }[];
  for (const tid of new Set(spans.map((span) => span.tid))) {
    if (named.get(`row ${tid}`)?.size !== 2) faults.push(`row ${tid} has no name or no place`);
    const open: number[] = [];
    const row = spans.filter((span) => span.tid === tid).sort((a, b) => a.ts - b.ts || b.dur - a.dur);
    for (const { name, ts, dur } of row) {
      while ((open.at(-1) ?? Infinity) <= ts) open.pop();
      if (ts + dur > (open.at(-1) ?? Infinity)) faults.push(`row ${tid}: ${name} at ${ts} ends after what it is in`);
      open.push(ts + dur);
    }
  }
  for (const { pid } of spans) if (!named.has(`process ${pid}`)) faults.push(`process ${pid} has no name`);
  return faults;
}

test('faults of a trace are found', () => {
  const rows = '{"ph":"M","name":"process_name","ts":0,"pid":1,"tid":1,"args":{"name":"x"}}';
  const within = (ts: number, dur: number): string =>
    `{"ph":"X","name":"a","cat":"c","ts":${ts},"dur":${dur},"pid":1,"tid":1}`;
  expect(faultsOf(`[${rows},${within(0, 10)},${within(5, 6)},${within(20, 1.5)},{"ph":"B"}]`)).toEqual([
    expect.stringContaining('no length'),
    expect.stringContaining('another phase'),
    expect.stringContaining('no name'),
    expect.stringContaining('no ts'),
    'row 1 has no name or no place',
    'row 1: a at 5 ends after what it is in',
  ]);
});

test('a trace is what its format asks for, whenever things begin and end', () => {
  expect(faultsOf(JSON.stringify(traceOf(recorded())))).toEqual([]);
  const times = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(times, times, (mine, theirs) => {
      const following = (all: readonly number[]): { from: number; to: number }[] => {
        const sorted = [...all].sort((a, b) => a - b);
        return sorted.map((from, index) => ({ from, to: sorted[index + 1] ?? from }));
      };
      const spans: Span[] = [
        ...following(mine).map((one): Span => ({ host: undefined, phase: 'hosts', ...one })),
        ...following(theirs).map((one): Span => ({ host: 'web1', phase: 'tcp', ...one })),
      ];
      expect(faultsOf(JSON.stringify(traceOf(spans)))).toEqual([]);
    }),
  );
});

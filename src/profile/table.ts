import type { Style } from '../ui/style.ts';
import type { HostPhase, RunPhase, Span } from './recorder.ts';

/** What each phase is called, in the order in which they come. */
const runPhases: Readonly<Record<RunPhase, string>> = {
  start: 'start of the process',
  inventory: 'inventory',
  hosts: 'hosts',
  diff: 'diff',
  render: 'render',
  close: 'close',
};

/** The same of what is waited for on a host. */
const hostPhases: Readonly<Record<HostPhase, string>> = {
  queue: 'queue',
  tcp: 'connect',
  handshake: 'handshake',
  login: 'login',
  observe: 'observe',
  read: 'read',
};

/** Hosts that are named as the slowest. */
const named = 3;

/** Where the time of a run went, in lines: what the run did, what hosts cost each, and which were the slowest. */
export function profileText(spans: readonly Span[], style: Style): string[] {
  const whole = Math.max(0, ...spans.map(({ to }) => to));
  const own = spans.filter(({ host }) => host === undefined);
  const hosts = hostTimes(spans);
  const rows: Row[] = [['', '', 'least', 'median', 'most']];
  for (const [phase, title] of Object.entries(runPhases)) {
    const times = own.filter((span) => span.phase === phase).map(duration);
    if (times.length > 0) rows.push([title, show(sum(times)), '', '', '']);
    if (phase === 'hosts') rows.push(...hostRows(hosts));
  }
  rows.push(['all', show(whole), '', '', '']);
  const slowest = [...hosts].sort(([, a], [, b]) => total(b) - total(a)).slice(0, named);
  return [
    ...drawn(rows, style),
    ...slowest.map(([host, times], index) => {
      const [phase, most] = [...times].sort(([, a], [, b]) => b - a)[0] ?? ['queue', 0];
      const lead = index === 0 ? 'slowest' : '';
      return `${lead.padEnd(8)} ${style('bold', host)} ${show(total(times))}, of which ${hostPhases[phase]} ${show(most)}`;
    }),
  ];
}

/** Title, the whole, and the least, the median and the most of a host. */
type Row = readonly [string, string, string, string, string];

/** Milliseconds by phase, a host. */
type Times = ReadonlyMap<HostPhase, number>;

function hostTimes(spans: readonly Span[]): Map<string, Times> {
  const hosts = new Map<string, Map<HostPhase, number>>();
  for (const span of spans) {
    if (span.host === undefined) continue;
    const times = hosts.get(span.host) ?? new Map<HostPhase, number>();
    times.set(span.phase, (times.get(span.phase) ?? 0) + duration(span));
    hosts.set(span.host, times);
  }
  return hosts;
}

function hostRows(hosts: ReadonlyMap<string, Times>): Row[] {
  return Object.entries(hostPhases).flatMap(([phase, title]): Row[] => {
    const times = [...hosts.values()].flatMap((one) => one.get(phase as HostPhase) ?? []).sort((a, b) => a - b);
    const [least, middle, most] = [times[0], times[Math.floor(times.length / 2)], times.at(-1)];
    if (least === undefined || middle === undefined || most === undefined) return [];
    return [[`  ${title}`, '', show(least), show(middle), show(most)]];
  });
}

function drawn(rows: readonly Row[], style: Style): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map(([title, ...cells], index) => {
    const line = [
      title.padEnd(widths[0] ?? 0),
      ...cells.map((cell, column) => cell.padStart(widths[column + 1] ?? 0)),
    ].join('  ');
    return index === 0 ? style('dim', line.trimEnd()) : line.trimEnd();
  });
}

function duration({ from, to }: Span): number {
  return to - from;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

function total(times: Times): number {
  return sum([...times.values()]);
}

/** `812 ms`, `1.25 s` */
function show(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`;
}

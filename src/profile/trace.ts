import type { Span } from './recorder.ts';

/**
 * An event of the Trace Event Format, as chrome://tracing and Perfetto read it: `X` is something with a beginning and a length in
 * whole microseconds, those of a row one after the other or one within the other; `M` gives the process and each row a name, and a
 * row its place. All of it is in the document "Trace Event Format", sections "Complete Events" and "Metadata Events".
 */
export type TraceEvent = {
  readonly ts: number;
  readonly pid: number;
  /** The row. From 1: Perfetto takes 0 for the kernel's idle thread. */
  readonly tid: number;
} & (
  | {
      readonly ph: 'X';
      readonly name: string;
      readonly cat: 'run' | 'host';
      readonly dur: number;
    }
  | { readonly ph: 'M'; readonly name: 'process_name' | 'thread_name'; readonly args: { readonly name: string } }
  | { readonly ph: 'M'; readonly name: 'thread_sort_index'; readonly args: { readonly sort_index: number } }
);

/** The only process, whose first row has its number, as that of a main thread on Linux. */
const pid = 1;

/** The trace of a run: the first row is the run itself, and each host has one, in the order in which they were first heard of. */
export function traceOf(spans: readonly Span[]): TraceEvent[] {
  const hosts = [...new Set(spans.flatMap(({ host }) => host ?? []))];
  const rows = new Map<string | undefined, number>([undefined, ...hosts].map((host, index) => [host, pid + index]));
  return [
    { ph: 'M', name: 'process_name', ts: 0, pid, tid: pid, args: { name: 'lvsctl' } },
    ...[...rows].flatMap(([host, tid]): TraceEvent[] => [
      { ph: 'M', name: 'thread_name', ts: 0, pid, tid, args: { name: host ?? 'lvsctl' } },
      { ph: 'M', name: 'thread_sort_index', ts: 0, pid, tid, args: { sort_index: tid } },
    ]),
    ...spans.map(({ host, phase, from, to }): TraceEvent => {
      // Both ends are rounded, and not the length: what follows begins where this ends, and not a microsecond before.
      const ts = microseconds(from);
      const tid = rows.get(host) ?? pid;
      return {
        ph: 'X',
        name: phase,
        cat: host === undefined ? 'run' : 'host',
        ts,
        dur: microseconds(to) - ts,
        pid,
        tid,
      };
    }),
  ];
}

function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}

import type { Span } from './recorder.ts';

/**
 * An event of the Trace Event Format, as chrome://tracing and Perfetto read it: `X` is something with a beginning and a length in
 * microseconds, `M` gives a row its name.
 */
export type TraceEvent =
  | {
      readonly ph: 'X';
      readonly name: string;
      readonly cat: 'run' | 'host';
      readonly ts: number;
      readonly dur: number;
      readonly pid: number;
      readonly tid: number;
    }
  | {
      readonly ph: 'M';
      readonly name: 'thread_name';
      readonly pid: number;
      readonly tid: number;
      readonly args: { readonly name: string };
    };

/** The trace of a run: the first row is the run itself, and each host has one, in the order in which they were first heard of. */
export function traceOf(spans: readonly Span[]): TraceEvent[] {
  const pid = 1;
  const hosts = [...new Set(spans.flatMap(({ host }) => host ?? []))];
  const rows = new Map<string | undefined, number>([undefined, ...hosts].map((host, row) => [host, row]));
  return [
    ...[...rows].map(([host, tid]): TraceEvent => ({
      ph: 'M',
      name: 'thread_name',
      pid,
      tid,
      args: { name: host ?? 'lvsctl' },
    })),
    ...spans.map(({ host, phase, from, to }): TraceEvent => ({
      ph: 'X',
      name: phase,
      cat: host === undefined ? 'run' : 'host',
      ts: Math.round(from * 1000),
      dur: Math.round((to - from) * 1000),
      pid,
      tid: rows.get(host) ?? 0,
    })),
  ];
}

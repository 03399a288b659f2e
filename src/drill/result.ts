/** Version of {@link DrillReport}: whoever reads one of another version must not guess. */
export const drillReportVersion = 1;

/** What a run of `lvsctl drill` measured. Plain JSON, without secrets; nothing in it that a host said is meant to be run or rendered as it is. */
export interface DrillReport {
  readonly version: typeof drillReportVersion;
  readonly cluster: string;
  /** SHA-256 of the inventory's bytes, hex. */
  readonly inventory: string;
  /** ISO 8601, by the operator's clock. */
  readonly started: string;
  /** `user@machine` of the operator. */
  readonly by: string;
  /** At least one drill passed, none failed, and none was refused that was asked for by its name. */
  readonly ok: boolean;
  readonly interrupted: boolean;
  /** In the order in which they were done. */
  readonly drills: readonly DrillResult[];
}

/**
 * How a drill ended. `failed`: something was out of its bound, or is not as it was before; `refused`: nothing was broken, since it
 * does not apply to this cluster, or its redundancy is not whole; `interrupted`: it was taken back before its end.
 */
export type DrillStatus = 'passed' | 'failed' | 'refused' | 'interrupted';

/** One drill. All times are milliseconds from its own beginning, by the operator's clock. */
export interface DrillResult {
  /** As on the command line: `stop-keepalived`. */
  readonly name: string;
  /** One line: `keepalived stops on the master`. */
  readonly title: string;
  /** Hosts on which something was broken; those that would have been, of a drill that was refused. */
  readonly hosts: readonly string[];
  readonly status: DrillStatus;
  /** Why it was refused, or what went wrong besides the measures; empty when nothing did. */
  readonly reasons: readonly string[];
  /** ISO 8601, by the operator's clock: what all other times count from. */
  readonly started: string;
  /** Milliseconds that it took, without the proof before and after it. */
  readonly duration: number;
  readonly marks: readonly Mark[];
  readonly measures: readonly Measure[];
  readonly streams: readonly Stream[];
  /** Whether afterwards the plan is empty and `verify` holds; undefined: it was not looked at, as nothing was broken. */
  readonly restored: boolean | undefined;
}

/**
 * A moment of the timeline. `fault` and `heal` begin the two phases of a drill; `state` tells what was seen of the cluster:
 * a VIP that moved, a real server that left the table.
 */
export interface Mark {
  readonly at: number;
  readonly type: 'begin' | 'fault' | 'heal' | 'state' | 'end';
  readonly host: string | undefined;
  /** One line for people, made safe for a terminal. */
  readonly text: string;
}

/** What a measure is of; `gap` is what users feel, the others are what the cluster does. */
export type MeasureKind = 'gap' | 'failures' | 'detection' | 'takeover' | 'return';

/** Something measured, beside what the inventory's own timers promise. */
export interface Measure {
  readonly kind: MeasureKind;
  /** What is measured, one line: `longest gap of www from probe1 after the fault`. */
  readonly text: string;
  /** Vantage point and service of `gap` and `failures`. */
  readonly from: string | undefined;
  readonly service: string | undefined;
  readonly unit: 'ms' | 'requests';
  /** Undefined: it did not happen while it was waited for. */
  readonly measured: number | undefined;
  /** The most that is within bounds, `allowance` included. */
  readonly bound: number;
  /** The part of `bound` that no timer of the cluster accounts for: gratuitous ARP, the pace of the requests, starting processes. */
  readonly allowance: number;
  /** How the bound comes about, for people: `skew (256-100)/256 s`. */
  readonly because: string;
  /** The part of the timeline that was looked at; `to` is the bound's place on it for what is waited for. */
  readonly window: { readonly from: number; readonly to: number };
  readonly ok: boolean;
}

/** The requests that a vantage point sent to one service, each on a connection of its own. */
export interface Stream {
  /** Host name, or `operator`. */
  readonly from: string;
  readonly service: string;
  /** `10.77.0.100:80`. */
  readonly destination: string;
  /** Milliseconds wished between the beginnings of two requests, and the median of what came of it. */
  readonly interval: { readonly wished: number; readonly median: number };
  /** The longest time, in milliseconds, in which no request began: no gap is known more exactly than that. */
  readonly resolution: number;
  /** Milliseconds after which a request has failed: less than TCP takes to send its first packet again. */
  readonly limit: number;
  readonly sent: number;
  readonly failed: number;
  readonly longestGap: number;
  /** The gaps: from the beginning of the last request that was answered before a failure to that of the first one after it. */
  readonly gaps: readonly { readonly from: number; readonly to: number; readonly failed: number }[];
  /** In the order in which they began. */
  readonly samples: readonly Sample[];
}

/** One request: when it began, how many milliseconds it took, and 1 when it was answered as a client wants it, 0 when not. */
export type Sample = readonly [at: number, took: number, ok: 0 | 1];

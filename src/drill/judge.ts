import type { Cluster } from '../inventory/cluster.ts';
import { conditionText } from './condition.ts';
import type { Expectation, Phase, Setup } from './drill.ts';
import { longestGapIn, longestSilence, within, type Earlier } from './gaps.ts';
import { firstHeld, type Look } from './history.ts';
import type { Measure, Stream } from './result.ts';
import type { Bound } from './timers.ts';

/** What was recorded of a drill. All times are milliseconds of its timeline. */
export interface Recording {
  /** When something was broken for the first time, and when the last act began. */
  readonly first: number;
  readonly fault: number;
  /** When it began to be taken back, and when that was done. */
  readonly heal: number;
  readonly healed: number;
  readonly end: number;
  readonly looks: readonly Look[];
  readonly streams: readonly Stream[];
}

/**
 * Milliseconds that a gap may be longer than the timers of the cluster make it: gratuitous ARP has to arrive, a gap is known up to
 * the pace of the requests on either side, and the fault itself takes its time.
 */
export const gapAllowance = 500;

/** Milliseconds that a state may be seen later than the timers say: directors look at themselves three times a second, by new processes. */
export const stateAllowance = 1000;

/** Holds what was recorded against what was expected. Pure. */
export function judge({ expectations }: Setup, recording: Recording, cluster: Cluster): Measure[] {
  return expectations.flatMap((expectation) => {
    switch (expectation.type) {
      case 'gap':
        return streamsOf(recording, expectation.service).map((stream) =>
          judgeGap(expectation, stream, recording, earlierFor(expectation, expectations)),
        );
      case 'no-failure':
        return streamsOf(recording, expectation.service).map((stream) =>
          judgeFailures(expectation, stream, recording, cluster),
        );
      case 'state':
        return [judgeState(expectation, recording, cluster)];
    }
  });
}

/** What is wrong with the recording itself, so that nothing can be made of it. */
export function flaws({ services }: Setup, { streams, first }: Recording): string[] {
  const early = streams.flatMap(({ from, service, samples }) =>
    within(samples, 0, first).some(([at, took, ok]) => ok === 0 && at + took < first)
      ? [`${service} had not answered ${from} every time before anything was broken`]
      : [],
  );
  const unasked = services
    .filter(({ name }) => !streams.some(({ service, sent }) => service === name && sent > 0))
    .map(({ name }) => `${name} was asked from nowhere, so that nothing was measured`);
  return [...early, ...unasked];
}

function streamsOf({ streams }: Recording, service: string): Stream[] {
  return streams.filter((stream) => stream.service === service);
}

function phaseOf({ fault, heal, end }: Recording, phase: Phase): { readonly from: number; readonly to: number } {
  return phase === 'fault' ? { from: fault, to: heal } : { from: heal, to: end };
}

type GapExpectation = Extract<Expectation, { type: 'gap' }>;

/**
 * A request on its way when something is broken begins a gap of the fault. One that lasts until after the return has been judged there;
 * where the fault may cost what it will, the return has to end it.
 */
function earlierFor({ phase, service }: GapExpectation, all: readonly Expectation[]): Earlier {
  if (phase === 'fault') return 'whole';
  const judged = all.some((one) => one.type === 'gap' && one.phase === 'fault' && one.service === service);
  return judged ? 'none' : 'rest';
}

function judgeGap(
  { phase, service, within: most }: GapExpectation,
  stream: Stream,
  recording: Recording,
  earlier: Earlier,
): Measure {
  const window = phaseOf(recording, phase);
  const bound = most.seconds * 1000 + gapAllowance;
  const gap = longestGapIn(stream, window.from, window.to, earlier);
  const silence = longestSilence(stream.samples, window.from, window.to);
  const when = phase === 'fault' ? 'after the fault' : 'after the return';
  return {
    kind: 'gap',
    text: `longest gap of ${service} from ${stream.from} ${when}`,
    from: stream.from,
    service,
    unit: 'ms',
    // A gap in the asking may hide one in the answers.
    measured: silence > bound ? undefined : round(gap),
    bound: round(bound),
    allowance: gapAllowance,
    because: silence > bound ? `${most.because}; nothing was asked for ${round(silence)} ms` : most.because,
    window: rounded(window),
    ok: silence <= bound && gap <= bound,
  };
}

function judgeFailures(
  { service, since, until, text }: Extract<Expectation, { type: 'no-failure' }>,
  stream: Stream,
  recording: Recording,
  cluster: Cluster,
): Measure {
  const held = since === 'begin' ? 0 : firstHeld(recording.looks, since, cluster, recording.fault);
  // What came only after the time that is looked at did not come.
  const from = held !== undefined && held < recording[until] ? held : undefined;
  const to = recording[until];
  const window = { from: from ?? to, to };
  const failed = within(stream.samples, window.from, window.to).filter(([, , ok]) => ok === 0).length;
  return {
    kind: 'failures',
    text: `failed requests of ${service} from ${stream.from} ${text}`,
    from: stream.from,
    service,
    unit: 'requests',
    measured: from === undefined ? undefined : failed,
    bound: 0,
    allowance: 0,
    because: from === undefined ? 'it never came to that' : 'none',
    window: rounded(window),
    ok: from !== undefined && failed === 0,
  };
}

function judgeState(
  { phase, kind, condition, within: most }: Extract<Expectation, { type: 'state' }>,
  recording: Recording,
  cluster: Cluster,
): Measure {
  const begin = phase === 'fault' ? recording.fault : recording.heal;
  const since = phase === 'fault' ? recording.fault : recording.healed;
  const bound = boundOf(most);
  const at = firstHeld(recording.looks, condition, cluster, begin);
  const measured = at === undefined ? undefined : Math.max(0, at - since);
  return {
    kind,
    text: conditionText(condition),
    from: undefined,
    service: undefined,
    unit: 'ms',
    measured: measured === undefined ? undefined : round(measured),
    bound: round(bound),
    allowance: stateAllowance,
    because: most.because,
    window: rounded({ from: since, to: since + bound }),
    ok: measured !== undefined && measured <= bound,
  };
}

/** Milliseconds within which a state has to be seen. */
export function boundOf({ seconds }: Bound): number {
  return seconds * 1000 + stateAllowance;
}

function round(value: number): number {
  return Math.round(value);
}

function rounded({ from, to }: { readonly from: number; readonly to: number }): Measure['window'] {
  return { from: round(from), to: round(to) };
}

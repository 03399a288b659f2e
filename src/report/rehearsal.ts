import { gapAllowance, stateAllowance } from '../drill/judge.ts';
import type { Drill, Setup } from '../drill/drill.ts';
import { conditionText } from '../drill/condition.ts';
import type { DrillReport, DrillResult, DrillStatus, Measure, Stream } from '../drill/result.ts';
import type { Result } from '../result.ts';
import type { Style } from '../ui/style.ts';

/** A drill report as text: each drill with its measures beside their bounds, the requests, and a timeline. */
export function drillText(report: DrillReport, style: Style): string[] {
  const lines = report.drills.flatMap((result) => [...resultText(result, style), '']);
  return [...lines, summary(report, style)];
}

function summary({ cluster, drills, ok, interrupted }: DrillReport, style: Style): string {
  const count = (status: DrillStatus): number => drills.filter((one) => one.status === status).length;
  const counts = (['passed', 'failed', 'refused', 'interrupted'] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`)
    .join(', ');
  if (interrupted) return style('warn', `Interrupted: ${cluster}: ${counts || 'nothing was broken'}.`);
  return ok
    ? style('good', `Rehearsed. ${cluster}: ${counts}.`)
    : style('bad', `Not as it should be. ${cluster}: ${counts}.`);
}

/** One drill's result. */
export function resultText(result: DrillResult, style: Style): string[] {
  const { name, title, status, hosts, reasons, measures, streams, marks, restored } = result;
  const colour = status === 'passed' ? 'good' : status === 'failed' ? 'bad' : 'warn';
  const on = hosts.length === 0 ? '' : ` (${hosts.join(', ')})`;
  return [
    `${style('bold', name)}  ${style(colour, status)}  ${title}${on}`,
    ...reasons.map((reason) => `  ${style(colour, '!')} ${reason}`),
    ...measures.map((measure) => `  ${measureText(measure, style)}`),
    ...streams.map((stream) => `  ${style('dim', streamText(stream))}`),
    ...marks.map(({ at, type, host, text }) =>
      style('dim', `  ${seconds(at).padStart(9)}  ${type.padEnd(5)}  ${host === undefined ? '' : `${host}: `}${text}`),
    ),
    ...(restored === undefined ? [] : [`  ${restoredText(restored, style)}`]),
  ];
}

function restoredText(restored: boolean, style: Style): string {
  return restored
    ? `${style('good', '✔')} all is as it was: nothing to change, and verify holds`
    : `${style('bad', '✘')} not all is as it was: see "lvsctl verify" and "lvsctl plan"`;
}

function measureText({ kind, text, unit, measured, bound, because, ok }: Measure, style: Style): string {
  const show = (value: number): string => (unit === 'ms' ? seconds(value) : String(value));
  const value = measured === undefined ? 'never' : show(measured);
  const sign = ok ? style('good', '✔') : style('bad', '✘');
  return `${sign} ${kind.padEnd(9)} ${value.padStart(8)}  at most ${show(bound).padStart(7)}  ${text} (${because})`;
}

function streamText({ from, service, sent, failed, interval, resolution, longestGap }: Stream): string {
  const gap = longestGap === 0 ? 'no gap' : `longest gap ${Math.round(longestGap)} ms`;
  return `${service} from ${from}: ${sent} requests, ${failed} failed, ${gap}; one every ${interval.median} ms, at most ${Math.round(resolution)} ms apart`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** What a drill would do and must come to: for `--dry-run`. */
export function preparedText(drill: Drill, prepared: Result<Setup, string>, style: Style): string[] {
  if (!prepared.ok) return [`${style('bold', drill.name)}  ${style('warn', 'refused')}  ${prepared.error}`, ''];
  const { acts, services, hold, expectations } = prepared.value;
  return [
    `${style('bold', drill.name)}  ${drill.title}`,
    ...acts.flatMap(({ text, faults }) => [
      `  ${text}`,
      ...faults.flatMap((fault) =>
        fault.by === 'power'
          ? [`    ${fault.host}: power off, then on`]
          : fault.steps.map(({ resource, summary: what }) => `    ${fault.host}: ${resource}: ${what}`),
      ),
    ]),
    `  for ${seconds(hold * 1000)} at least; asked all the while: ${services.map(({ name }) => name).join(', ')}`,
    ...expectations.map((one) => {
      switch (one.type) {
        case 'gap':
          return `  gap        at most ${seconds(one.within.seconds * 1000 + gapAllowance)}  ${one.service}, ${one.phase === 'fault' ? 'after the fault' : 'after the return'} (${one.within.because})`;
        case 'no-failure':
          return `  failures   0  ${one.service}, ${one.text}`;
        case 'state':
          return `  ${one.kind.padEnd(9)}  within ${seconds(one.within.seconds * 1000 + stateAllowance)}  ${conditionText(one.condition)} (${one.within.because})`;
      }
    }),
    '',
  ];
}

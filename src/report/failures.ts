import type { ApplyResult } from '../apply/apply.ts';
import type { HostFailure } from '../apply/failure.ts';
import type { PreflightProblem } from '../plan/preflight.ts';
import { listed } from '../verify/scope.ts';
import { printable } from '../ssh/printable.ts';
import { redact } from '../secret.ts';
import type { Style } from '../ui/style.ts';
import { count, stepLine } from './plan.ts';

/** Something that is wrong with a host and what to do about it: connecting, observing and preflight all come to this. */
export interface HostTrouble extends PreflightProblem {
  readonly reason?: string;
}

/** `host: what is wrong` and, indented, what to do. */
export function troubleText(trouble: HostTrouble, style: Style): string[] {
  const hint = redact(printable(trouble.hint)).split('\n').filter(Boolean);
  return [
    `${style('bad', '✖')} ${style('bold', trouble.host)}: ${redact(printable(trouble.detail))}`,
    ...hint.map((line) => `    ${style('dim', line)}`),
  ];
}

/** A step that failed: on which host, its last lines, what was put back and what was not. */
export function failureText(failure: HostFailure, style: Style): string[] {
  const { host, stage, step, cause, output, undone, kept } = failure;
  const why = 'code' in cause ? `exit code ${cause.code}` : cause.detail;
  const list = (title: string, refs: readonly string[]): string[] =>
    refs.length === 0 ? [] : [`    ${title}`, ...refs.map((ref) => `      ${printable(ref)}`)];
  const unknown = 'code' in cause ? [] : [`    ${redact(printable(cause.hint))}`];
  const refused = 'code' in cause || ['sudo-refused', 'no-shell', 'not-ready'].includes(cause.reason);
  const begun =
    'reason' in cause && ['unconfirmed', 'unsound', 'not-back'].includes(cause.reason)
      ? 'every step was done'
      : refused
        ? `${'reason' in cause && cause.reason === 'not-ready' ? 'it was not begun' : 'the script could not begin'}: nothing was changed`
        : 'how far it got is not known';
  return [
    `${style('bad', '✖')} ${style('bold', host)}, stage ${stage}: ${redact(printable(why))}`,
    ...(step ? [`    ${stepLine(step, style)}`] : [`    ${begun}`]),
    ...output.map((line) => `      ${style('dim', redact(line))}`),
    ...unknown,
    ...list('put back as it was:', undone),
    ...list('stays changed:', kept),
  ];
}

/** Whether hosts that failed are as they were before: what differs, or undefined where that could not be found out. */
export interface Proof {
  readonly host: string;
  readonly differs: readonly string[] | undefined;
}

function proofText({ host, differs }: Proof, stays: boolean, style: Style): string {
  const name = style('bold', host);
  if (differs === undefined)
    return `${style('bad', '✖')} ${name} could not be looked at again: how it was left is not known. Run "lvsctl plan" when it answers.`;
  if (differs.length > 0)
    return `${style('bad', '✖')} ${name} is not as it was before: ${differs.map(printable).join(', ')}. Run "lvsctl plan" to see it.`;
  return `${style('good', '✔')} ${name} was looked at again: it is as it was before${stays ? ', but for what stays changed' : ''}.`;
}

/** How an apply ended: what changed, what failed and how that was left, what was not begun. */
export function applyText(
  result: ApplyResult & { readonly proofs?: readonly Proof[] },
  style: Style,
  words = { done: 'Applied.', next: 'Run "lvsctl plan" to see what is left.' },
): string[] {
  const changed = result.done.filter(({ stage }) => stage !== 'prepare');
  const hosts = new Set(changed.map(({ host }) => host)).size;
  const { brokenOff, skipped } = result;
  const staysChanged = (host: string): boolean =>
    result.failures.some((one) => one.host === host && one.kept.length > 0);
  const notBegun = [...(brokenOff ? [`${brokenOff.stage} on ${listed(brokenOff.hosts)}`] : []), ...skipped];
  const verdict =
    result.failures.length > 0
      ? style('bad', `Failed on ${[...new Set(result.failures.map(({ host }) => host))].join(', ')}.`)
      : result.interrupted
        ? style('bad', 'Interrupted.')
        : notBegun.length > 0
          ? style('bad', 'Stopped.')
          : style('good', words.done);
  return [
    '',
    ...result.failures.flatMap((failure) => failureText(failure, style)),
    ...(result.proofs ?? []).map((proof) => proofText(proof, staysChanged(proof.host), style)),
    `${verdict} ${count(changed.length, 'step')} done on ${count(hosts, 'host')}.`,
    ...(notBegun.length > 0 ? [`Not begun: ${notBegun.join(', ')}. ${words.next}`] : []),
  ];
}

import type { BrokenOff } from '../apply/lock.ts';
import { whose } from '../apply/locks.ts';
import type { UnderWay } from '../apply/under-way.ts';
import { redact } from '../secret.ts';
import { printable } from '../ssh/printable.ts';
import type { Style } from '../ui/style.ts';

/** What an earlier run left on a host. */
export function brokenOffText(host: string, runs: readonly BrokenOff[], style: Style): string[] {
  return runs.map(({ holder, state }) => {
    const how =
      state === 'taken-back'
        ? 'the host took back by itself what it had changed'
        : 'what it had done stays; applying the plan finishes it';
    return told(host, `a run of ${whose(holder)} came to no end: ${how}`, style);
  });
}

/** Who is at work on a host, and what an earlier run left there. */
export function underWayText(host: string, { holder, brokenOff }: UnderWay, style: Style): string[] {
  const locked = holder ? [told(host, `locked by ${whose(holder)}: this may change while it is read`, style)] : [];
  return [...locked, ...brokenOffText(host, brokenOff, style)];
}

function told(host: string, text: string, style: Style): string {
  return `${style('warn', '!')} ${style('bold', host)}: ${redact(printable(text))}`;
}

import type { Expected } from './fault.ts';
import { hosts, type HostName } from './shop.ts';

/** What a run says of how it left the hosts. */
export interface Claims {
  /** All is done and proved. */
  readonly success: boolean;
  /** Hosts that it says are as they were. */
  readonly asBefore: readonly HostName[];
}

/** Reads the claims of a run. Pure. */
export function claims(output: string): Claims {
  const good = /^(Applied\. |Taken away\. |No changes: |Nothing to take away: )/m.test(output) && !/✖/.test(output);
  return {
    success: good,
    asBefore: hosts.filter((host) => output.includes(`${host} was looked at again: it is as it was before.`)),
  };
}

/** What is wrong with how a run ended and with what it said, besides whether it is true. Pure. */
export function wrongEnding({ ending: { code, output }, codes, says = [] }: Expected): string[] {
  const wrong = [
    ...(code === undefined || codes?.includes(code) !== false
      ? []
      : [`the exit code ${code} is none of ${codes.join(', ')}`]),
    ...(codes !== undefined && code === undefined ? ['it was ended by a signal'] : []),
    ...says.filter((one) => !one.test(output)).map((one) => `it does not say ${String(one)}`),
    ...(/^\s+at .*:\d+:\d+\)?$/m.test(output) ? ['it shows a stack trace'] : []),
    ...(code === 0 && !claims(output).success ? ['it ends with 0 and does not say that all was done'] : []),
    ...(code !== undefined && code !== 0 && claims(output).success ? ['it fails and says that all was done'] : []),
    ...(code !== undefined && code !== 0 && !/✖|Nothing was changed/.test(output)
      ? ['it does not say what failed']
      : []),
  ];
  return wrong.length === 0 || code === undefined ? wrong : [...wrong, `it said:\n${output}`];
}

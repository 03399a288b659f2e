import { appsOf, readyLines } from '../../roles/app.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { App, Cluster } from '../../inventory/cluster.ts';
import type { Check, Finding } from '../check.ts';
import { judged } from '../scope.ts';
import { lateText, readTrial, tryAll, type Outcome } from '../trial.ts';

/** Each app does its work: what its `ready` says holds. */
export const appReady: Check = {
  name: 'app-ready',
  severity: 'critical',
  proves: 'each app does its work',
  why: 'A unit that runs may still load its data, wait for a lock, or have lost its port to another program.',
  runs: 'each host of an app: what its `ready` says',
  reads: 'the exit code is 0 when it is ready; otherwise its first line of output is shown',
  mend: 'run the line under `look` on the host, and read the log of the unit',

  section(round, where, { cluster, nonce }) {
    const asked = askable(cluster, where);
    if (round !== 'before' || asked.length === 0) return undefined;
    const trials = asked.map(({ sh }, number) => ({ number, argument: sh }));
    return { sh: tryAll(nonce, 'app', 'sh -c "$2"', trials) };
  },

  judge: (evidence) =>
    [...evidence.observations.keys()].flatMap((where) => {
      const answer = evidence.answer('before', where, 'app-ready');
      if (!answer) return [];
      return askable(evidence.cluster, where).map(({ app, sh }, index): Finding => {
        const outcome = readTrial(answer.output, evidence.nonce, 'app', index);
        return {
          check: 'app-ready',
          where,
          status: outcome === undefined ? 'unknown' : judged(outcome.exit === 0),
          title: `${app.name} does its work`,
          expected: sh,
          seen: outcome?.exit === 0 ? 'so it is' : trouble(outcome),
          look: sh,
        };
      });
    }),
};

function askable({ apps }: Cluster, host: string): { readonly app: App; readonly sh: string }[] {
  return appsOf(apps, host).flatMap((one) => {
    const sh = readyLines(one);
    return sh === undefined ? [] : [{ app: one, sh }];
  });
}

function trouble(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'it was not asked';
  if (outcome.late) return lateText;
  return `exit code ${outcome.exit}${outcome.said === '' ? '' : `: ${printableLine(outcome.said)}`}`;
}

import { appsOf, readyLines } from '../../roles/app.ts';
import { printableLine } from '../../ssh/printable.ts';
import { quote } from '../../ssh/quote.ts';
import type { App, Cluster } from '../../inventory/cluster.ts';
import type { Check, Finding } from '../check.ts';
import { judged } from '../scope.ts';

/** Seconds for one app to answer. All of a host are asked at once. */
const patience = 10;

/** Each app does its work: what its `ready` says holds. */
export const appReady: Check = {
  name: 'app-ready',
  why: 'A unit that runs may still load its data, wait for a lock, or have lost its port to another program.',

  section(round, where, { cluster, nonce }) {
    const asked = askable(cluster, where);
    if (round !== 'before' || asked.length === 0) return undefined;
    return {
      sh: [
        `ask() {
  said=$(timeout -k 2 ${patience} sh -c "$2" 2>&1)
  printf '\\n${nonce} app %s %s %.300s\\n' "$1" $? "$said"
}`,
        ...asked.map(({ sh }, index) => `ask ${index} ${quote(sh)} &`),
        'wait',
      ].join('\n'),
    };
  },

  judge: (evidence) =>
    [...evidence.observations.keys()].flatMap((where) => {
      const answer = evidence.answer('before', where, 'app-ready');
      if (!answer) return [];
      return askable(evidence.cluster, where).map(({ app, sh }, index): Finding => {
        const [, code, said = ''] =
          new RegExp(`^${evidence.nonce} app ${index} (\\d+) (.*)$`, 'm').exec(answer.output) ?? [];
        return {
          check: 'app-ready',
          where,
          status: code === undefined ? 'unknown' : judged(code === '0'),
          title: `${app.name} does its work`,
          expected: sh,
          seen: code === '0' ? 'so it is' : trouble(code, said),
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

function trouble(code: string | undefined, said: string): string {
  if (code === undefined) return 'it was not asked';
  if (code === '124' || code === '137') return `no answer within ${patience} seconds`;
  return `exit code ${code}${said === '' ? '' : `: ${printableLine(said)}`}`;
}

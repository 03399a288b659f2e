import { printableLine } from '../../ssh/printable.ts';
import { configTest } from '../../keepalived/config-test.ts';
import { keepalivedConfiguration } from '../../roles/director.ts';
import type { Check } from '../check.ts';
import { judged, observed } from '../scope.ts';

const path = keepalivedConfiguration;

/**
 * keepalived accepts the configuration that is there. Exit codes differ between versions, warnings come with code 0, and so
 * does a file that is missing or empty: anything but silence about a file with content counts as a refusal.
 */
export const keepalivedConfig: Check = {
  name: 'keepalived-config',
  severity: 'critical',
  proves: 'keepalived accepts the file that is there, without a word',
  why: 'A running keepalived hides a configuration that it would refuse; it shows at the next reload or reboot.',
  runs: 'each director: `keepalived -t -f /etc/keepalived/keepalived.conf`',
  reads: 'exit code 0 and no output; every message counts, since some versions only warn',
  mend: 'the message names the line; `lvsctl plan` shows whether somebody changed the file, `lvsctl apply` writes it anew',

  section: (round, where, { cluster }) =>
    round === 'before' && cluster.directors.includes(where)
      ? {
          sh: [
            '(',
            `[ -s ${path} ] || { echo '${path} is missing or empty'; exit 1; }`,
            `${configTest(path)} && exit 0`,
            'echo "$complaint"; exit $code',
            ')',
          ].join('\n'),
        }
      : undefined,

  judge: (evidence) =>
    observed(evidence, evidence.cluster.directors).flatMap((where) => {
      const answer = evidence.answer('before', where, 'keepalived-config');
      if (!answer) return [];
      const complaint = printableLine(answer.output);
      return [
        {
          check: 'keepalived-config',
          where,
          status: judged(answer.status === 0 && complaint === ''),
          title: 'keepalived accepts its configuration',
          expected: 'exit code 0 and no message',
          seen:
            complaint === '' ? `exit code ${answer.status} and no message` : `exit code ${answer.status}: ${complaint}`,
          look: `test -s ${path} && keepalived -t -f ${path}`,
        },
      ];
    }),
};

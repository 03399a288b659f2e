import { printableLine } from '../../ssh/printable.ts';
import type { Check } from '../check.ts';
import { judged, observed } from '../scope.ts';

/** Nothing else manages the IPVS table of a director: kube-proxy in mode ipvs has the device kube-ipvs0. */
export const foreignServices: Check = {
  name: 'foreign-services',
  severity: 'critical',
  proves: 'no kube-proxy runs on a director',
  why: 'kube-proxy in mode ipvs deletes every virtual service that is not its own, again and again.',
  runs: 'each director: `ls -d /sys/class/net/kube-ipvs0` and `grep -x kube-proxy /proc/[0-9]*/comm`',
  reads: 'what is printed is there',
  mend: 'take the director out of the Kubernetes cluster, or give kube-proxy another mode',

  section: (round, where, { cluster }) =>
    round === 'before' && cluster.directors.includes(where)
      ? {
          sh: '[ ! -e /sys/class/net/kube-ipvs0 ] || echo kube-ipvs0\ncat /proc/[0-9]*/comm 2>/dev/null | grep -x -m 1 kube-proxy',
        }
      : undefined,

  judge: (evidence) =>
    observed(evidence, evidence.cluster.directors).flatMap((where) => {
      const answer = evidence.answer('before', where, 'foreign-services');
      if (!answer) return [];
      const seen = printableLine(answer.output);
      return [
        {
          check: 'foreign-services',
          where,
          status: judged(seen === ''),
          title: 'nothing else manages the IPVS table',
          expected: 'no kube-proxy',
          seen: seen === '' ? 'no kube-proxy' : seen,
          look: 'ls -d /sys/class/net/kube-ipvs0; grep -x kube-proxy /proc/[0-9]*/comm',
        },
      ];
    }),
};

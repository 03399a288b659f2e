import { allSteps } from '../../plan/plan.ts';
import { printableLine } from '../../ssh/printable.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check } from '../check.ts';
import { judged } from '../scope.ts';

/** What is on the hosts is what the inventory says. */
export const asPlanned: Check = {
  name: 'as-planned',
  severity: 'critical',
  proves: 'nothing on the host differs from the inventory',
  why: 'A file, package or setting that somebody changed by hand works until the next reboot, or fails at the next failover.',
  runs: 'every host: the probes of `lvsctl plan`, one for each kind of resource',
  reads: 'each line is a resource and what a plan would do to it',
  mend: 'run `lvsctl plan --limit HOST` for the diffs; `lvsctl apply` puts it right, or take the change over into the inventory',

  section: () => undefined,

  judge({ plan, cluster }) {
    const steps = [...allSteps(plan)];
    return plan.hosts.map((host) => {
      const its = steps.filter((step) => step.host === host);
      return {
        check: 'as-planned',
        where: host,
        status: judged(its.length === 0),
        title: `${host} is as the inventory says`,
        expected: 'nothing to change',
        seen:
          its.length === 0
            ? 'nothing to change'
            : its.map(({ step }) => `${step.resource}: ${printableLine(step.summary)}`).join('\n'),
        look: `lvsctl plan -i ${quote(cluster.inventory.file)} --limit ${quote(host)}`,
      };
    });
  },
};

import { deployment, noChange, noChangeByMitogen, noChangeWithoutFacts } from './contenders/ansible.ts';
import { apply, plan } from './contenders/lvsctl.ts';
import { floor } from './contenders/ssh.ts';
import type { Contender, Field, Measurement } from './contender.ts';

/** Everything that is measured, in this order. A new measurement is an entry here. */
export const measurements: readonly Measurement[] = [
  {
    id: 'blank',
    title: 'Blank hosts to a running cluster',
    hosts: 'blank',
    ours: apply,
    others: [{ contender: deployment, goal: 2 }],
  },
  {
    id: 'no-op',
    title: 'Nothing to change',
    hosts: 'deployed',
    ours: plan,
    others: [
      { contender: noChange, goal: 15 },
      { contender: noChangeWithoutFacts },
      { contender: noChangeByMitogen },
      { contender: floor },
    ],
  },
];

/** What makes the hosts of a field deployed, where no measurement has done so before. */
export const deployers: Readonly<Record<Field, Contender>> = { lvsctl: apply, Ansible: deployment };

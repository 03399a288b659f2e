import { change, deployment, noChange, noChangeByMitogen, noChangeWithoutFacts } from './contenders/ansible.ts';
import { packagesByHand } from './contenders/hand.ts';
import { apply, applyChange, plan } from './contenders/lvsctl.ts';
import { check, nothing, version } from './contenders/node.ts';
import { floor } from './contenders/ssh.ts';
import type { Contender, Field, Measurement } from './contender.ts';

/** Everything that is measured, in this order. A new measurement is an entry here. */
export const measurements: readonly Measurement[] = [
  {
    id: 'blank',
    title: 'Blank hosts to a running cluster',
    hosts: 'blank',
    ours: apply,
    others: [
      { contender: deployment, goal: { faster: 3 } },
      { contender: packagesByHand, goal: { atMost: 1.15 } },
    ],
  },
  {
    id: 'no-op',
    title: 'Nothing to change',
    hosts: 'deployed',
    ours: plan,
    others: [
      { contender: noChange, goal: { faster: 30 }, processorTime: true },
      { contender: noChangeWithoutFacts },
      { contender: noChangeByMitogen, goal: { faster: 16 } },
      { contender: floor, goal: { atMost: 1.3 } },
    ],
  },
  {
    id: 'delay',
    title: 'The same, each host 80 ms away',
    hosts: 'deployed',
    delay: 80,
    ours: plan,
    others: [{ contender: floor, goal: { atMost: 1.3 } }],
  },
  {
    id: 'change',
    title: 'One changed line of keepalived.conf',
    hosts: 'deployed',
    ours: applyChange,
    others: [{ contender: change, goal: { faster: 20 } }],
  },
  {
    id: 'version',
    title: 'Start of the program',
    hosts: 'deployed',
    ours: version,
    others: [{ contender: nothing, goal: { atMost: 1.5 } }],
  },
  {
    id: 'check',
    title: 'Check of the inventory',
    hosts: 'deployed',
    ours: check,
    others: [{ contender: nothing, goal: { atMost: 3 } }],
  },
];

/** Those who make a cluster that answers; hosts that no measurement has deployed to are deployed to by the one of their field. */
export const deployers: ReadonlyMap<Field, Contender> = new Map([
  ['lvsctl', apply],
  ['Ansible', deployment],
]);

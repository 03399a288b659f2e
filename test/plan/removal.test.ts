import { expect, test } from 'vitest';
import { removalSteps, type RemovalOptions } from '../../src/plan/removal.ts';
import { desiredOf, makeObservation } from '../support/cluster.ts';

const nothing = desiredOf([]);
const { name: host } = nothing.host;
const brought = {
  entry: {
    ref: 'package all',
    stage: 'packages',
    position: 0,
    resource: { kind: 'package', present: ['tcpdump'], absent: [], later: [] },
    before: undefined,
    feeds: [],
  },
  observed: { installed: new Map([['tcpdump', '4.99']]), candidates: new Map() },
  before: undefined,
} as const;

test.each<[RemovalOptions['packages'], string[]]>([
  ['keep', []],
  ['forget', ['run package all']],
  ['remove', ['delete package tcpdump']],
])('a package that lvsctl installed and nobody wishes any more: %s', (packages, expected) => {
  const observation = { ...makeObservation(host), leftovers: [brought] };
  const steps = [...removalSteps(nothing, observation, { packages }).values()].flat();
  expect(steps.map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
});

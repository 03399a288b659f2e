import { expect, test } from 'vitest';
import { survey, type Connect } from '../../src/observe/survey.ts';
import { ok } from '../../src/result.ts';
import { makeCluster, makeHost, makeObservation } from '../support/cluster.ts';
import { factsOutput, FakePlace, wishless } from '../verify/fake-host.ts';

test('hosts that answer in another order are in that of the wishes', async () => {
  const desired = wishless(makeCluster({ hosts: ['web3', 'lb1', 'web1'].map((name) => makeHost(name)) }));
  const connect: Connect = async (hosts, onResult) => {
    for (const { name } of [...hosts].reverse()) {
      const facts = factsOutput(makeObservation(name));
      const place = new FakePlace(name, () => (section) => (section === 'facts' ? facts : ''));
      onResult(name, ok(place.connection()));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const { observations, unreadable } = await survey(desired, connect, () => undefined);
  expect(unreadable).toEqual([]);
  expect([...observations.keys()]).toEqual(['web3', 'lb1', 'web1']);
});

import { describe, expect, test } from 'vitest';
import { drainedHosts, seenWith, shortages, withDrained } from '../../src/plan/drained.ts';
import { makePlan, allSteps } from '../../src/plan/plan.ts';
import { desiredTable } from '../../src/ipvs/desired.ts';
import { makeObservation, makeService, makeShop, wishesOf } from '../support/cluster.ts';
import { asWished } from '../support/wished.ts';

const shop = makeShop();
const conf = 'file /etc/keepalived/keepalived.conf';
const marker = 'file /var/lib/lvsctl/drained';

/** Observations of directors that say this of drained hosts. */
function saying(said: Readonly<Record<string, string>>) {
  return new Map(Object.entries(said).map(([name, drained]) => [name, { ...makeObservation(name), drained }]));
}

describe('drained hosts', () => {
  test.each<[said: Readonly<Record<string, string>>, expected: readonly string[]]>([
    [{ lb1: '', lb2: '' }, []],
    [{ lb1: 'web2\n', lb2: 'web2\n' }, ['web2']],
    // One that was down when a host was drained does not put it back.
    [{ lb1: 'web2\n', lb2: '' }, ['web2']],
    [{ lb1: 'web3\nweb1\n' }, ['web1', 'web3']],
    // What is not in the inventory is nobody's business, and a name is a whole line.
    [{ lb1: 'gone\nweb\nweb11\n../web1\n' }, []],
    // A real server has no say in it.
    [{ web1: 'web1\n' }, []],
  ])('%j are %j', (said, expected) => {
    expect(drainedHosts(shop, saying(said))).toEqual(expected);
  });

  test('have weight 0 in every service, and all else stays as it is', () => {
    const both = makeShop({
      services: [makeService(['web1', 'web2']), makeService(['web2'], { name: 'b', port: 81 })],
    });
    const weights = desiredTable(withDrained(both, ['web2'])).flatMap(({ name, servers }) =>
      servers.map(({ host, weight }) => `${name} ${host} ${weight}`),
    );
    expect(weights).toEqual(['www web1 1', 'www web2 0', 'b web2 0']);
    expect(withDrained(both, []).services).toEqual(both.services);
  });

  test('get no weight from their checks', () => {
    const script = { name: 'x', path: '/x', content: '' };
    const kind = { type: 'misc', script, args: [], scriptTimeout: 5, dynamic: true, user: undefined } as const;
    const [service] = shop.services;
    if (!service) throw new Error('the shop has no service');
    const dynamic = { ...shop, services: [{ ...service, checks: [{ ...service.checks[0], kind }] as const }] };
    const servers = desiredTable(withDrained(dynamic, ['web1']))[0]?.servers;
    expect(servers?.map((server) => server.dynamic)).toEqual([false, true, true]);
  });

  test.each<[drained: readonly string[], quorum: number, expected: readonly string[]]>([
    [['web1'], 1, []],
    [['web1', 'web2'], 1, []],
    [['web1', 'web2', 'web3'], 1, ['www would have no real server left']],
    [['web1'], 3, ['www would have a weight of 2 left, and its quorum is 3']],
    [['lb1'], 3, []],
  ])('%j with quorum %i leave %j', (drained, quorum, expected) => {
    expect(shortages(makeShop({ services: [makeService(['web1', 'web2', 'web3'], { quorum })] }), drained)).toEqual(
      expected,
    );
  });
});

describe('what a director is found to have', () => {
  const drained = withDrained(shop, ['web1']);
  const [before] = wishesOf(shop);
  const [now] = wishesOf(drained);
  if (!before || !now) throw new Error('the shop has no director');

  const planned = (observation: Parameters<typeof seenWith>[0]): string[] => {
    const seen = seenWith(observation, before, now);
    return [...allSteps(makePlan(drained, [now], new Map([['lb1', seen]])))].map(({ step }) => step.resource);
  };
  const text = (ref: string): string => {
    const resource = now.resources.find((one) => one.ref === ref)?.resource;
    return resource?.kind === 'file' ? (resource.content ?? '') : '';
  };
  const file = { state: 'file', owner: 'root', group: 'root' };

  test('and says itself needs nothing: it was looked at before it had said so', () => {
    const seen = asWished(before, {
      [conf]: { ...file, mode: '0640', content: text(conf) },
      [marker]: { ...file, mode: '0644', content: undefined },
    });
    expect(planned({ ...seen, drained: 'web1\n' })).toEqual([]);
  });

  test('and another one says is brought about', () => {
    expect(planned(asWished(before))).toEqual([conf, marker, 'service keepalived.service']);
  });
});

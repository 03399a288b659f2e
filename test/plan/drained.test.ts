import { describe, expect, test } from 'vitest';
import { drainedSaid, nextWord, seenWith, shortages, withDrained, wantedDrained } from '../../src/plan/drained.ts';
import { makePlan, allSteps } from '../../src/plan/plan.ts';
import { desiredTable } from '../../src/ipvs/desired.ts';
import { drainedFile, newestWord, drainedText } from '../../src/roles/director/drained.ts';
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
    expect(drainedSaid(shop, saying(said)).names).toEqual(expected);
  });

  test.each<[said: Readonly<Record<string, string>>, asOf: number, expected: readonly string[]]>([
    // Undrained while lb2 was away, and drained while it was.
    [{ lb1: 'as of 8\n', lb2: 'as of 7\nweb2\n' }, 8, []],
    [{ lb1: 'as of 8\nweb2\n', lb2: 'as of 7\n' }, 8, ['web2']],
    [{ lb1: 'as of 10\n', lb2: 'as of 9\nweb2\n' }, 10, []],
    // It has never heard of it.
    [{ lb1: 'as of 8\nweb2\n', lb2: '' }, 8, ['web2']],
    // Told each without the other, in the same second.
    [{ lb1: 'as of 8\nweb2\n', lb2: 'as of 8\nweb1\n' }, 8, ['web1', 'web2']],
    // No number that would be the newest for ever.
    [{ lb1: 'as of 99999999999999999999\nweb1\n', lb2: 'as of 8\nweb2\n' }, 8, ['web2']],
    [{ lb1: 'as of 1e9\nweb1\n', lb2: 'as of 8\nweb2\n' }, 8, ['web2']],
  ])('are what the newest word says: %j is as of %i and means %j', (said, asOf, names) => {
    expect(drainedSaid(shop, saying(said))).toEqual({ asOf, names, byRun: [] });
  });

  test('are said anew with a number above all that were seen, and the time where that is greater', () => {
    expect(nextWord({ asOf: 8, names: ['web1'] }, [], 5_000)).toEqual({ asOf: 9, names: [] });
    expect(nextWord({ asOf: 8, names: ['web1'] }, [], 50_999)).toEqual({ asOf: 50, names: [] });
    expect(nextWord({ asOf: 8, names: ['web1'] }, ['web1'], 50_999)).toEqual({ asOf: 8, names: ['web1'] });
  });

  test('leave a word behind once they are back, so that a director that was away cannot drain them again', () => {
    const back = drainedFile(withDrained(shop, { asOf: 9, names: [] }));
    expect(back.content).toBe('as of 9\n');
    expect(newestWord([back.content ?? '', 'as of 8\nweb1\n'])).toEqual({ asOf: 9, names: [], byRun: [] });
    expect(drainedFile(shop).content).toBeUndefined();
  });

  test('that only a run drained are told apart, and nobody wants them drained any more', () => {
    const text = drainedText({ asOf: 9, names: ['web1', 'web2'], byRun: ['web2'] });
    const said = drainedSaid(shop, saying({ lb1: text, lb2: 'as of 8\n' }));
    expect(said).toEqual({ asOf: 9, names: ['web1', 'web2'], byRun: ['web2'] });
    expect(wantedDrained(said)).toEqual({ asOf: 9, names: ['web1'] });
  });

  test('have weight 0 in every service, and all else stays as it is', () => {
    const both = makeShop({
      services: [makeService(['web1', 'web2']), makeService(['web2'], { name: 'b', port: 81 })],
    });
    const weights = desiredTable(withDrained(both, { asOf: 1, names: ['web2'] })).flatMap(({ name, servers }) =>
      servers.map(({ host, weight }) => `${name} ${host} ${weight}`),
    );
    expect(weights).toEqual(['www web1 1', 'www web2 0', 'b web2 0']);
    expect(withDrained(both, { asOf: 0, names: [] }).services).toEqual(both.services);
  });

  test('get no weight from their checks', () => {
    const script = { name: 'x', path: '/x', content: '' };
    const kind = { type: 'misc', script, args: [], scriptTimeout: 5, dynamic: true, user: undefined } as const;
    const [service] = shop.services;
    if (!service) throw new Error('the shop has no service');
    const dynamic = { ...shop, services: [{ ...service, checks: [{ ...service.checks[0], kind }] as const }] };
    const servers = desiredTable(withDrained(dynamic, { asOf: 1, names: ['web1'] }))[0]?.servers;
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
  const drained = withDrained(shop, { asOf: 1, names: ['web1'] });
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
    expect(planned({ ...seen, drained: 'as of 1\nweb1\n' })).toEqual([]);
  });

  test('and another one says is brought about', () => {
    expect(planned(asWished(before))).toEqual([conf, marker, 'service keepalived.service']);
  });
});

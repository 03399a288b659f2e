import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import type { Observation } from '../../src/observe/observe.ts';
import { batches } from '../../src/plan/batches.ts';
import type { HostSteps } from '../../src/plan/plan.ts';
import { leftOf } from '../../src/plan/redundancy.ts';
import type { Impact } from '../../src/resources/resource.ts';
import type { Stage } from '../../src/roles/role.ts';
import { makeHost, makeInstance, makeObservation, makeRollout, makeService, makeShop } from '../support/cluster.ts';
import { makeStep } from '../support/steps.ts';

const webs = (count: number): string[] => Array.from({ length: count }, (_, n) => `web${n + 1}`);

function shop(count: number, more: Partial<Cluster> = {}): Cluster {
  const names = webs(count);
  const hosts = [...['lb11', 'lb12'], ...names].map((name) => makeHost(name));
  return makeShop({ hosts, directors: ['lb11', 'lb12'], services: [makeService(names)], ...more });
}

/** A director on which keepalived runs. */
function director(name: string, vips: readonly string[] = [], content?: string): Observation {
  const addresses = vips.map((address) => ({ interface: 'eth0', address, prefix: 32 }));
  return makeObservation(
    name,
    [
      ['service keepalived.service', { loaded: true, active: 'active', enabled: true, owed: [] }],
      ['file /etc/keepalived/keepalived.conf', { state: 'file', mode: '0640', owner: 'root', group: 'root', content }],
    ],
    { addresses },
  );
}

const serving = new Map([
  ['lb11', director('lb11', ['10.77.0.100'])],
  ['lb12', director('lb12')],
]);

const busy = (hosts: readonly string[], impact: Impact): HostSteps[] =>
  hosts.map((host) => ({ host, steps: [makeStep('service x', { impact })] }));

function named(
  cluster: Cluster,
  hosts: readonly string[],
  impact: Impact,
  stage: Stage = 'real-servers',
  seen = serving,
) {
  return batches(stage, busy(hosts, impact), cluster, seen).map((batch) => batch.map(({ host }) => host).join(' '));
}

describe('sizes', () => {
  const ten = webs(10);
  const rolled = (rollout: Parameters<typeof makeRollout>[0]): Cluster => shop(10, { rollout: makeRollout(rollout) });
  const lengths = (cluster: Cluster, impact: Impact): number[] =>
    named(cluster, ten, impact).map((batch) => batch.split(' ').length);

  test.each<[string, Parameters<typeof makeRollout>[0], Impact, number[]]>([
    ['nothing said, no impact: all', {}, 'none', [10]],
    ['nothing said, a reload: the canary, then the others', {}, 'reload', [1, 9]],
    ['nothing said, an interruption: one by one', {}, 'interrupt', Array<number>(10).fill(1)],
    ['a number, after the canary', { serial: [{ hosts: 4 }] }, 'reload', [1, 4, 4, 1]],
    ['a number, the first batch being the canary', { serial: [{ hosts: 4 }], canary: 'batch' }, 'reload', [4, 4, 2]],
    ['a percentage, rounded down', { serial: [{ percent: 35 }], canary: 'batch' }, 'reload', [3, 3, 3, 1]],
    [
      'a percentage of less than a host is one',
      { serial: [{ percent: 1 }], canary: 'batch' },
      'reload',
      Array<number>(10).fill(1),
    ],
    [
      'a list, whose last repeats',
      { serial: [{ hosts: 1 }, { hosts: 2 }, { percent: 30 }] },
      'reload',
      [1, 2, 3, 3, 1],
    ],
    [
      'never so many drained that less than half is left',
      { serial: [{ percent: 100 }], canary: 'batch' },
      'interrupt',
      [5, 5],
    ],
    ['a number holds where nothing can be noticed, too', { serial: [{ hosts: 4 }] }, 'none', [1, 4, 4, 1]],
  ])('%s', (_, rollout, impact, expected) => {
    expect(lengths(rolled(rollout), impact)).toEqual(expected);
  });

  test('in another stage only those that are drained go one by one', () => {
    const cluster = shop(3);
    const steps = [...busy(['web1', 'web2'], 'interrupt'), ...busy(['web3', 'lb12'], 'none')];
    const made = batches('base', steps, cluster, serving).map((batch) => batch.map(({ host }) => host));
    expect(made).toEqual([['web3', 'lb12'], ['web1'], ['web2']]);
  });
});

describe('care', () => {
  const careOf = (cluster: Cluster, host: string, impact: Impact, stage: Stage = 'real-servers', seen = serving) =>
    batches(stage, busy([host], impact), cluster, seen).flat()[0]?.care;

  test.each<[string, Cluster, Impact, string | undefined]>([
    ['an interruption', shop(2), 'interrupt', 'drain'],
    ['a reload', shop(2), 'reload', undefined],
    ['a reload where that is wished', shop(2, { rollout: makeRollout({ drain: 'reload' }) }), 'reload', 'drain'],
    ['never', shop(2, { rollout: makeRollout({ drain: 'never' }) }), 'interrupt', 'interrupts'],
    ['the only real server', shop(1), 'interrupt', 'interrupts'],
    [
      'one that the quorum needs',
      shop(3, { services: [makeService(webs(3), { quorum: 3 })] }),
      'interrupt',
      'interrupts',
    ],
  ])('of a real server: %s', (_, cluster, impact, expected) => {
    expect(careOf(cluster, 'web1', impact)?.type).toBe(expected);
  });

  test('of a real server that nobody sends to: none', () => {
    const idle = new Map(
      ['lb11', 'lb12'].map((name) => [
        name,
        makeObservation(name, [
          ['service keepalived.service', { loaded: true, active: 'inactive', enabled: false, owed: [] }],
        ]),
      ]),
    );
    expect(careOf(shop(2), 'web1', 'interrupt', 'real-servers', idle)).toBeUndefined();
    const service = makeService(['web1', 'web2']);
    const rested = {
      ...service,
      realServers: service.realServers.map((one) => ({ ...one, weight: one.host === 'web1' ? 0 : 1 })),
    };
    expect(careOf(shop(2, { services: [rested] }), 'web1', 'interrupt')).toBeUndefined();
  });

  const pair = {
    vrrp: [makeInstance({ priorities: { lb11: 150, lb12: 100 }, interfaces: {} })],
    rollout: makeRollout({ switchOver: true }),
  };

  test('of a director: those without VIPs first, and the holder hands over', () => {
    const cluster = shop(2, pair);
    const made = batches('directors', busy(['lb11', 'lb12'], 'interrupt'), cluster, serving);
    expect(made.flat().map(({ host, care }) => [host, care])).toEqual([
      ['lb12', undefined],
      ['lb11', { type: 'switch-over', vips: ['10.77.0.100'], to: 'lb12' }],
    ]);
  });

  test.each<[string, Partial<Cluster>, ReadonlyMap<string, Observation>, RegExp]>([
    ['switched off', { ...pair, rollout: makeRollout() }, serving, /switchOver is off/],
    [
      'its configuration is an older one',
      pair,
      new Map([...serving, ['lb11', director('lb11', ['10.77.0.100'], 'old')]]),
      /before it has this/,
    ],
    ['nobody there', pair, new Map([['lb11', director('lb11', ['10.77.0.100'])]]), /no other director/],
  ])('of a director that cannot hand over: %s', (_, more, seen, why) => {
    const care = careOf(shop(2, more), 'lb11', 'interrupt', 'directors', new Map(seen));
    expect(care?.type === 'loses' ? care.why : care?.type).toMatch(why);
  });

  test('of a director that reloads: none', () => {
    expect(careOf(shop(2, pair), 'lb11', 'reload', 'directors')).toBeUndefined();
  });
});

test.each([
  [4, 1, ['web1'], 'enough'],
  [4, 1, ['web1', 'web2'], 'enough'],
  [4, 1, ['web1', 'web2', 'web3'], 'less than half'],
  [2, 1, ['web1'], 'enough'],
  [1, 1, ['web1'], 'too few'],
  [4, 3, ['web1', 'web2'], 'too few'],
])('%i real servers with quorum %i without %j: %s', (count, quorum, out, expected) => {
  expect(leftOf(makeService(webs(count), { quorum }), new Set(out))).toBe(expected);
});

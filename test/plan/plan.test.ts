import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allSteps, makePlan } from '../../src/plan/plan.ts';
import { stages } from '../../src/roles/role.ts';
import { loadDr } from '../support/dr.ts';
import { makeObservation, makeShop, wishesOf } from '../support/cluster.ts';
import { asWished } from '../support/wished.ts';

const shop = makeShop();
const wishes = wishesOf(shop);
const site = 'file /etc/nginx/conf.d/www.conf';
const conf = 'file /etc/keepalived/keepalived.conf';
const edited = { state: 'file', mode: '0644', owner: 'root', group: 'root', content: 'edited\n' };
const holding = { addresses: [{ interface: 'eth0', address: '10.77.0.100', prefix: 32 }] };

type Found = Readonly<Record<string, readonly [but?: Readonly<Record<string, unknown>>, facts?: typeof holding]>>;

/** The plan for a shop that is as wished but for what was found. */
function planFor(found: Found, only: readonly string[] = wishes.map(({ host }) => host.name)) {
  const looked = wishes.filter(({ host }) => only.includes(host.name));
  return makePlan(
    shop,
    looked,
    new Map(looked.map((one) => [one.host.name, asWished(one, ...(found[one.host.name] ?? []))])),
  );
}

/** `stage: host host | host`, a batch between the bars. */
function order(plan: ReturnType<typeof planFor>): string[] {
  return plan.stages.map(
    ({ stage, batches }) => `${stage}: ${batches.map((batch) => batch.map(({ host }) => host).join(' ')).join(' | ')}`,
  );
}

const all = (but: Readonly<Record<string, unknown>>): Found => ({ web1: [but], web2: [but], web3: [but] });
const off = { 'service keepalived.service': { loaded: false, active: 'inactive', enabled: false, owed: [] } };
const directors = { lb1: [{ [conf]: edited }], lb2: [{ [conf]: edited }] } as const;

describe('the order', () => {
  test('as wished, there is nothing to do', () => {
    expect(planFor({}).stages).toEqual([]);
  });

  test('of stages is fixed', () => {
    const plan = makePlan(shop, wishes, new Map(wishes.map(({ host }) => [host.name, makeObservation(host.name)])));
    expect(order(plan)).toEqual([
      'prepare: lb1 lb2 web1 web2 web3',
      'packages: lb1 lb2 web1 web2 web3',
      'real-servers: web1 web2 web3',
      'directors: lb2 | lb1',
    ]);
    expect(stages).toEqual(['prepare', 'packages', 'base', 'storage', 'real-servers', 'directors']);
  });

  test.each<[what: string, found: Found, expected: readonly string[]]>([
    [
      'the director that holds the VIP comes last: lb1',
      { ...directors, lb1: [{ [conf]: edited }, holding] },
      ['directors: lb2 | lb1'],
    ],
    [
      'the director that holds the VIP comes last: lb2',
      { ...directors, lb2: [{ [conf]: edited }, holding] },
      ['directors: lb1 | lb2'],
    ],
    ['where none holds it the preferred master comes last', directors, ['directors: lb2 | lb1']],
    ['where none serves anybody yet they go at once', { lb1: [off], lb2: [off] }, ['directors: lb1 lb2']],
    ['one that runs is enough to go one by one', { ...directors, lb1: [off] }, ['directors: lb2 | lb1']],
    [
      'where both hold it the preferred master comes last',
      { lb1: [{ [conf]: edited }, holding], lb2: [{ [conf]: edited }, holding] },
      ['directors: lb2 | lb1'],
    ],
    [
      'a reload is tried on one real server, then on the others',
      all({ [site]: edited }),
      ['real-servers: web1 | web2 web3'],
    ],
    [
      'what traffic can notice is done one by one',
      all({ 'address 10.77.0.100/32 on lo': { prefix: 24 } }),
      ['real-servers: web1 | web2 | web3'],
    ],
    [
      'one of them is enough for that',
      { web1: [{ [site]: edited }], web2: [{ 'address 10.77.0.100/32 on lo': { prefix: 24 } }] },
      ['real-servers: web1 | web2'],
    ],
    [
      'what traffic cannot notice is done at once',
      all({ 'sysctl net.ipv4.conf.all.arp_ignore': { own: '0', effective: '0' } }),
      ['real-servers: web1 web2 web3'],
    ],
    ['hosts that need nothing are left out', { web2: [{ [site]: edited }] }, ['real-servers: web2']],
    [
      'real servers come before directors',
      { ...directors, web3: [{ [site]: edited }] },
      ['real-servers: web3', 'directors: lb2 | lb1'],
    ],
  ])('%s', (_what, found, expected) => {
    expect(order(planFor(found))).toEqual(expected);
  });

  test('a keepalived that does not run is known by the name that its service manager has for it', () => {
    const hosts = shop.hosts.map((host) => (host.name === 'lb2' ? { ...host, platform: 'alpine' as const } : host));
    const mixed = { ...shop, hosts };
    const desired = wishesOf(mixed).filter(({ host }) => mixed.directors.includes(host.name));
    const stopped = { loaded: true, active: 'inactive', enabled: false, owed: [] };
    const found = { lb1: { 'service keepalived.service': stopped }, lb2: { 'service keepalived': stopped } };
    const seen = desired.map(
      (one) => [one.host.name, asWished(one, found[one.host.name as keyof typeof found])] as const,
    );
    expect(order(makePlan(mixed, desired, new Map(seen)))).toEqual(['directors: lb1 lb2']);
  });
});

describe('a plan', () => {
  test('says nothing of hosts that were not looked at', () => {
    const observations = new Map([['web2', makeObservation('web2')]]);
    const plan = makePlan(shop, wishes, observations);
    expect(plan.hosts).toEqual(['web2']);
    expect(new Set([...allSteps(plan)].map(({ host }) => host))).toEqual(new Set(['web2']));
  });

  test('of equal inputs is equal', () => {
    const found: Found = { ...directors, ...all({ [site]: edited }) };
    expect(JSON.stringify(planFor(found))).toBe(JSON.stringify(planFor(found)));
  });

  test('reloads after what it reloads for, and only where that changes', () => {
    const steps = [
      ...allSteps(planFor({ web1: [{ [site]: edited }], web2: [{ 'mount /x': undefined }] as never }, ['web1'])),
    ];
    expect(steps.map(({ step }) => step.resource)).toEqual([site, 'service nginx.service']);
  });

  test('makes sure that packages can be had before any host is changed', () => {
    const steps = [
      ...allSteps(
        planFor({ web1: [{ 'package all': { installed: new Map(), candidates: new Map() } }], lb1: directors.lb1 }),
      ),
    ];
    expect(steps.map(({ stage }) => stage)).toEqual([
      'prepare',
      'packages',
      'real-servers',
      'real-servers',
      'directors',
      'directors',
    ]);
  });
});

describe('whatever is found', () => {
  test('in dr.yaml: each drift has a step of its own resource, and what agrees has none', async () => {
    const cluster = await loadDr();
    const dr = wishesOf(cluster);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), fc.constantFrom(...dr), (picks, one) => {
        const chosen = new Set(picks.map((pick) => pick % Math.max(1, one.resources.length)));
        const drifted = one.resources.filter((_, index) => chosen.has(index)).map(({ ref }) => ref);
        const observation = asWished(one, Object.fromEntries(drifted.map((ref) => [ref, undefined])));
        const steps = [...allSteps(makePlan(cluster, [one], new Map([[one.host.name, observation]])))].map(
          ({ step }) => step,
        );
        const absences = one.resources
          .filter(({ resource }) => resource.kind === 'file' && resource.content === undefined)
          .map(({ ref }) => ref);
        for (const ref of drifted) {
          if (absences.includes(ref)) continue;
          expect(
            steps.some(
              ({ resource }) => resource === ref || (ref === 'package all' && resource.startsWith('package ')),
            ),
          ).toBe(true);
        }
        for (const { resource, action } of steps) {
          const follows = action === 'run' || resource.startsWith('package ') || absences.includes(resource);
          if (!follows) expect(drifted).toContain(resource);
        }
      }),
    );
  });
});

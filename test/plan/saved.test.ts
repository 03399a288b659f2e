import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import type { Observation } from '../../src/observe/observe.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { readPlan, savePlan, staleness, type SavedPlan } from '../../src/plan/saved.ts';
import { planText } from '../../src/report/plan.ts';
import { Secret } from '../../src/secret.ts';
import { plain } from '../../src/ui/style.ts';
import { makeInstance, makeShop, wishesOf } from '../support/cluster.ts';
import { asWished } from '../support/wished.ts';

const conf = 'file /etc/keepalived/keepalived.conf';
const site = 'file /etc/nginx/conf.d/www.conf';
const file = (content: string) => ({ state: 'file', mode: '0640', owner: 'root', group: 'root', content });
const salt = '00112233445566778899aabbccddeeff';

function save(
  cluster: Cluster,
  but: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
  only?: readonly string[],
) {
  const desired = wishesOf(cluster).filter(({ host }) => only?.includes(host.name) ?? true);
  const observations = new Map<string, Observation>(
    desired.map((one) => [one.host.name, asWished(one, but[one.host.name] ?? {})]),
  );
  const plan = makePlan(cluster, desired, observations);
  return { plan, saved: savePlan(plan, cluster, observations, salt) };
}

const shop = makeShop();
const drifted = { web1: { [site]: file('old site\n') } };

test('a saved plan is the same when it is read', () => {
  const { saved } = save(shop, drifted);
  expect(readPlan(JSON.stringify(saved))).toEqual({ ok: true, value: saved });
  expect(saved.steps.map(({ host, resource }) => `${host} ${resource}`)).toEqual([
    `web1 ${site}`,
    'web1 service nginx.service',
  ]);
});

test('equal inputs give an equal one; only the salt is new each time', () => {
  expect(save(shop, drifted).saved).toEqual(save(shop, drifted).saved);
  expect(savePlan(save(shop).plan, shop, new Map()).salt).not.toBe(savePlan(save(shop).plan, shop, new Map()).salt);
});

describe('a plan that is out of date', () => {
  const { saved } = save(shop, drifted);
  const renamed = { ...shop, inventory: { ...shop.inventory, digest: 'e'.repeat(64) } };
  test.each<[what: string, now: () => SavedPlan, reasons: readonly string[]]>([
    ['is told from one that is not', () => save(shop, drifted).saved, []],
    [
      'because the inventory changed',
      () => save(renamed, drifted).saved,
      ['the inventory /srv/lvsctl.yaml has changed'],
    ],
    [
      'because of a new drift',
      () => save(shop, { ...drifted, lb1: { 'kernel-module ip_vs': 'absent' } }).saved,
      ['lb1: kernel-module ip_vs would be changed as well'],
    ],
    [
      'because somebody mended it',
      () => save(shop).saved,
      [`web1: ${site} needs no change any more`, 'web1: service nginx.service needs no change any more'],
    ],
    [
      'because the host has drifted further',
      () => save(shop, { web1: { [site]: file('other\n') } }).saved,
      [`web1: ${site} would be changed in another way`],
    ],
    [
      'because another host needs it',
      () => save(shop, { web2: drifted.web1 }).saved,
      [
        `web2: ${site} would be changed as well`,
        'web2: service nginx.service would be changed as well',
        `web1: ${site} needs no change any more`,
        'web1: service nginx.service needs no change any more',
      ],
    ],
    [
      'because a step does something else behind the same words',
      () => ({ ...saved, steps: saved.steps.map((step) => ({ ...step, digest: 'x' })) }),
      [`web1: ${site} would be changed in another way`, 'web1: service nginx.service would be changed in another way'],
    ],
    ['because a secret changed', () => ({ ...saved, secrets: 'other' }), ['a secret has changed']],
  ])('%s', (_what, now, reasons) => {
    expect(staleness(saved, now())).toEqual(reasons);
  });
});

test.each([
  ['nothing', '', 'not JSON'],
  ['something else', '{"a": 1}', 'not a plan of this version'],
  ['a newer plan', JSON.stringify({ ...save(shop).saved, version: 2 }), 'version'],
  ['a plan with more in it', JSON.stringify({ ...save(shop).saved, sh: 'rm -rf /' }), 'sh'],
  ['a plan without its hosts', JSON.stringify({ ...save(shop).saved, hosts: undefined }), 'hosts'],
  ['an array', '[]', 'not a plan'],
])('%s is no plan', (_what, text, why) => {
  const read = readPlan(text);
  expect(read).toMatchObject({ ok: false, error: expect.stringContaining(why) as string });
});

describe('a secret', () => {
  const marker = 'S3cr3t#New';
  const old = 'OldS3cr3t';
  const guarded = (authPass: string): Cluster =>
    makeShop({ vrrp: [makeInstance({ authPass: new Secret(authPass, 'a test') })] });
  const present = (pass: string) => ({
    lb1: { [conf]: file(`vrrp_instance VI_1 {\n    auth_pass ${pass}\n    priority 1\n}\n`) },
  });

  test.each([
    ['bare', old],
    ['in quotes', `"${old}"`],
    ['of several words', `"${old} and ${old}"`],
    ['behind a tab', `\t${old}`],
  ])('is in no plan: neither the new one nor the one on the host, %s', (_what, pass) => {
    const { plan, saved } = save(guarded(marker), present(pass));
    const texts = [JSON.stringify(saved), planText(plan, plain).join('\n')];
    for (const text of texts) {
      expect(text).toContain('auth_pass ');
      expect(text).not.toContain(marker);
      expect(text).not.toContain(old);
    }
    // It does reach the host.
    expect(JSON.stringify(plan)).toContain(marker);
  });

  test('that is too short to be known everywhere is masked where it stands', () => {
    const { saved } = save(guarded('x#y'), present(old));
    expect(JSON.stringify(saved)).not.toContain('x#y');
  });

  test('that changes makes the plan differ', () => {
    const before = save(guarded('before-it'), present('x')).saved;
    const after = save(guarded('after-it'), present('x')).saved;
    expect(staleness(before, after)).toEqual(['a secret has changed']);
  });
});

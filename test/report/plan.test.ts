import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostSteps, Plan, PlannedStage } from '../../src/plan/plan.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { count, planSummary, planText, stepLine } from '../../src/report/plan.ts';
import type { Step } from '../../src/resources/resource.ts';
import { Secret } from '../../src/secret.ts';
import { createStyle, plain } from '../../src/ui/style.ts';
import { makeShop, wishesOf } from '../support/cluster.ts';
import { makeStep } from '../support/steps.ts';
import { asWished } from '../support/wished.ts';

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'reports', name), 'utf8');
const planOf = (stages: readonly PlannedStage[], hosts: readonly string[] = ['web1', 'web2']): Plan => ({
  cluster: 'shop',
  hosts,
  stages,
});
const batch = (...hosts: readonly HostSteps[]): PlannedStage => ({ stage: 'base', batches: [hosts] });
const coloured = createStyle(true, true, {});

test('a plan with every kind of change, as text', () => {
  const shop = makeShop();
  const wishes = wishesOf(shop);
  const site = (host: string) => ({
    'file /etc/nginx/conf.d/www.conf': {
      state: 'file',
      mode: '0600',
      owner: 'root',
      group: 'root',
      content: wishes
        .find((one) => one.host.name === host)
        ?.resources.flatMap(({ resource }) =>
          resource.kind === 'file' && resource.path.endsWith('www.conf') ? (resource.content ?? '') : '',
        )
        .join('')
        .replace('listen 80', 'listen 8080'),
    },
  });
  const found: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    lb1: {
      'file /etc/modules-load.d/lvsctl-director.conf': { state: 'absent' },
      'package all': { installed: new Map([['keepalived', '1']]), candidates: new Map([['ipvsadm', '1:1.31-1']]) },
    },
    lb2: { 'service keepalived.service': { loaded: true, active: 'failed', enabled: false, owed: [] } },
    web1: { ...site('web1'), 'sysctl net.ipv4.conf.all.arp_ignore': { own: '0', effective: '0' } },
    web2: { ...site('web2'), 'sysctl net.ipv4.conf.all.arp_ignore': { own: '0', effective: '0' } },
    web3: {
      'address 10.77.0.100/32 on lo': { prefix: 24 },
      'file /etc/nginx/sites-enabled/default': { state: 'other', type: 'symbolic link' },
    },
  };
  const plan = makePlan(
    shop,
    wishes,
    new Map(wishes.map((one) => [one.host.name, asWished(one, found[one.host.name])])),
  );
  expect(`${planText(plan, plain).join('\n')}\n\n${planSummary(plan)}\n`).toBe(fixture('plan.txt'));
});

describe('hosts', () => {
  const common = makeStep('sysctl x');
  const own = makeStep('file /a', { summary: 'its own' });
  test('that get the same step share a line, in the order in which steps come', () => {
    const plan = planOf([batch({ host: 'web1', steps: [common, own] }, { host: 'web2', steps: [common] })]);
    expect(planText(plan, plain)).toEqual([
      '',
      'base',
      '  web1, web2',
      '    ~ sysctl x  changes',
      '  web1',
      '    ~ file /a  its own',
    ]);
  });

  test.each<[what: string, other: Partial<Step>]>([
    ['other words', { summary: 'more' }],
    ['another diff', { diff: '+x\n' }],
    ['another impact', { impact: 'interrupt' }],
    ['another action', { action: 'delete' }],
  ])('that get a step with %s do not', (_what, other) => {
    const plan = planOf([batch({ host: 'web1', steps: [common] }, { host: 'web2', steps: [{ ...common, ...other }] })]);
    expect(planText(plan, plain).filter((line) => /^ {2}\S/.test(line))).toEqual(['  web1', '  web2']);
  });

  test('of several batches are told in their order', () => {
    const steps = [common];
    const plan = planOf([{ stage: 'directors', batches: [[{ host: 'lb2', steps }], [{ host: 'lb1', steps }]] }]);
    expect(planText(plan, plain)).toContain('directors  (lb2, then lb1)');
  });
});

describe('the summary', () => {
  const of = (...steps: readonly Partial<Step>[]): PlannedStage[] => [
    batch({ host: 'web1', steps: steps.map((step) => makeStep('file /a', step)) }),
  ];
  test.each<[what: string, plan: Plan, expected: string]>([
    ['nothing on one host', planOf([], ['web1']), 'No changes: 1 host as the inventory wants it.'],
    ['nothing on two', planOf([]), 'No changes: 2 hosts as the inventory wants them.'],
    [
      'one of each',
      planOf(of({ action: 'create' }, { action: 'update' }, { action: 'delete' })),
      'Plan: 1 to create, 1 to change, 1 to remove on 1 host; nothing that traffic can notice.',
    ],
    [
      'a reload',
      planOf(of({ action: 'run', impact: 'reload' })),
      'Plan: 0 to create, 0 to change, 0 to remove on 1 host; 1 reload, which traffic does not notice.',
    ],
    [
      'two reloads',
      planOf(of({ action: 'run', impact: 'reload' }, { action: 'run', impact: 'reload' })),
      'Plan: 0 to create, 0 to change, 0 to remove on 1 host; 2 reloads, which traffic does not notice.',
    ],
    [
      'an interruption besides',
      planOf(of({ impact: 'interrupt' }, { action: 'run', impact: 'reload' })),
      'Plan: 0 to create, 1 to change, 0 to remove on 1 host; 1 step that traffic can notice.',
    ],
    [
      'two hosts',
      planOf([
        batch({ host: 'web1', steps: [makeStep('a')] }, { host: 'web2', steps: [makeStep('a'), makeStep('b')] }),
      ]),
      'Plan: 0 to create, 3 to change, 0 to remove on 2 hosts; nothing that traffic can notice.',
    ],
    [
      'preparation does not count',
      planOf([
        { ...batch({ host: 'web2', steps: [makeStep('package lists', { action: 'run' })] }), stage: 'prepare' },
        ...of({}),
      ]),
      'Plan: 0 to create, 1 to change, 0 to remove on 1 host; nothing that traffic can notice.',
    ],
  ])('%s', (_what, plan, expected) => {
    expect(planSummary(plan)).toBe(expected);
  });
});

describe('what comes from a host', () => {
  const hostile = '\u001b[2J\u001b]0;owned\u0007\u202e\r';
  const step = makeStep(`file /etc/${hostile}`, {
    summary: `was ${hostile}`,
    diff: `--- a\n+++ a\n-${hostile}\n+new\n`,
  });

  test('is neutralised', () => {
    const text = planText(planOf([batch({ host: 'web1', steps: [step] })]), plain).join('\n');
    // eslint-disable-next-line no-control-regex -- that is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).toContain('\\x1b[2J');
  });

  test('cannot make a line of its own out of a summary', () => {
    expect(stepLine(makeStep('file /a', { summary: 'x' }), plain).split('\n')).toHaveLength(1);
  });
});

test('secrets are masked in what is said and in diffs', () => {
  const secret = new Secret('hunter2-hunter2', 'a test').reveal();
  const step = makeStep(`file /${secret}`, { summary: `to ${secret}`, diff: `-old\n+pass ${secret}\n` });
  const text = planText(planOf([batch({ host: 'web1', steps: [step] })]), plain).join('\n');
  expect(text).not.toContain(secret);
  expect(text.match(/\*{8}/g)).toHaveLength(3);
});

describe('colours', () => {
  const steps = (['create', 'update', 'delete', 'run'] as const).flatMap((action) =>
    (['none', 'reload', 'interrupt'] as const).map((impact) =>
      makeStep('file /a', { action, impact, diff: '--- a\n+++ a\n@@ -1 +1 @@\n-x\n+y\n z\n' }),
    ),
  );
  const plan = planOf([{ stage: 'base', batches: [[{ host: 'web1', steps }], [{ host: 'web2', steps }]] }]);

  test('are in no plain text, and change nothing but the looks', () => {
    const text = planText(plan, plain).join('\n');
    expect(text).not.toContain('\u001b');
    const painted = planText(plan, coloured).join('\n');
    expect(painted).toContain('\u001b[');
    // eslint-disable-next-line no-control-regex -- the codes of styleText
    expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(text);
  });
});

test.each([
  [0, '0 hosts'],
  [1, '1 host'],
  [2, '2 hosts'],
])('%d is counted as %s', (number, expected) => {
  expect(count(number, 'host')).toBe(expected);
});

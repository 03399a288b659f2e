import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { route, type RouteResource } from '../../src/resources/route.ts';
import { Box } from '../support/box.ts';
import { desiredOf } from '../support/cluster.ts';
import { unchanging } from '../support/context.ts';
import { shells } from '../support/sh.ts';
import { failing } from '../support/steps.ts';

const wished: RouteResource = {
  kind: 'route',
  family: 4,
  table: undefined,
  destination: 'default',
  gateway: '10.78.0.100',
  interface: 'eth0',
};
const onLink: RouteResource = { ...wished, table: 5_200, destination: '10.78.0.0/24', gateway: undefined };
const inTable: RouteResource = { ...wished, table: 5_200 };
const wished6: RouteResource = { ...wished, family: 6, gateway: 'fd78::100' };
const all = [wished, onLink, inTable, wished6];

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
beforeEach(() => {
  box.must(
    [
      'ip route flush table 5200 2>/dev/null || :',
      'ip addr flush dev eth0; ip -6 route flush default; ip link set wire up',
      'ip addr add 10.78.0.13/24 dev eth0; ip -6 addr add fd78::13/64 dev eth0 nodad',
      'ip route flush default 2>/dev/null || :',
    ].join('\n'),
  );
});
afterAll(() => box.close());

const seen = (): string =>
  box
    .must('ip route; ip route show table 5200 2>/dev/null || :; ip -6 route show default')
    .replace(/ (linkdown|pref \w+)/g, '');

const cases: readonly [what: string, sh: string, summaries: readonly string[]][] = [
  ['nothing', ':', ['dev eth0', 'dev eth0', 'dev eth0', 'dev eth0']],
  [
    'another gateway, set by hand',
    'ip route add default via 10.78.0.1 dev eth0 proto static',
    ['dev eth0, now via 10.78.0.1 dev eth0', 'dev eth0', 'dev eth0', 'dev eth0'],
  ],
  [
    "another program's gateways, which stay beside it",
    'ip route add default via 10.78.0.2 dev eth0 proto dhcp metric 100; ip -6 route add default via fd78::2 dev eth0 metric 1024',
    ['dev eth0, now via 10.78.0.2 dev eth0', 'dev eth0', 'dev eth0', 'dev eth0, now via fd78::2 dev eth0'],
  ],
];

describe.each(shells)('in %s, where there is', (shell) => {
  test.each(cases)('%s', async (_what, sh, summaries) => {
    box.must(sh);
    const before = seen();
    const steps = await box.steps(all, shell);
    expect(steps.map((step) => step.summary)).toEqual(summaries);
    expect(box.do([...steps, failing], shell).code).toBe(1);
    expect(seen()).toBe(before);

    const found = await box.look(desiredOf(all));
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect(await box.steps(all, shell)).toEqual([]);

    const now = await box.look(desiredOf(all));
    const state = (observation: typeof now, one: RouteResource) =>
      observation.states.get(`route ${route.name(one)}`) as never;
    const removal = [...all]
      .reverse()
      .flatMap((one) => route.remove?.(one, state(now, one), state(found, one), removing) ?? []);
    expect(box.do(removal, shell)).toMatchObject({ code: 0, output: '' });
    expect(seen()).toBe(before);
  });
});

const removing = { ...unchanging, removePackages: false };

test('a default route that is replaced is something that traffic notices', () => {
  const other = { line: 'default via 10.78.0.1 dev eth0', gateway: '10.78.0.1', interface: 'eth0', metric: 0 };
  expect(route.change(wished, [other], unchanging)).toMatchObject([
    { action: 'update', impact: 'interrupt', undo: "ip -4 route replace 'default' 'via' '10.78.0.1' 'dev' 'eth0'" },
  ]);
  expect(route.change(wished, [], unchanging)).toMatchObject([{ action: 'create', impact: 'none' }]);
});

test('the strongest of several routes decides, and what it says of the moment is not put back', () => {
  const states = route.read(
    'route 0\ndefault via 10.78.0.9 dev eth1 proto dhcp metric 100 \ndefault via 10.78.0.100 dev eth0 linkdown \nroute 1\n',
    [wished, onLink],
  );
  expect(states.get(route.name(wished))).toEqual([
    { line: 'default via 10.78.0.100 dev eth0', gateway: '10.78.0.100', interface: 'eth0', metric: 0 },
    {
      line: 'default via 10.78.0.9 dev eth1 proto dhcp metric 100',
      gateway: '10.78.0.9',
      interface: 'eth1',
      metric: 100,
    },
  ]);
  expect(states.get(route.name(onLink))).toEqual([]);
});

test('a route that somebody else leads elsewhere by now is not taken away', () => {
  const other = { line: 'default via 10.78.0.1 dev eth0', gateway: '10.78.0.1', interface: 'eth0', metric: 0 };
  expect(route.remove?.(wished, [other], [], removing)).toEqual([]);
});

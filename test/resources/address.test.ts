import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { address, type AddressResource } from '../../src/resources/address.ts';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';
import { failing } from '../support/steps.ts';
import { unchanging } from '../support/context.ts';

const vip: AddressResource = { kind: 'address', address: '10.77.0.100', prefix: 32, interface: 'lo' };
const vip6: AddressResource = { kind: 'address', address: 'fd00::100', prefix: 128, interface: 'lo' };

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
beforeEach(() => {
  box.must('ip addr flush dev lo; ip addr flush dev eth0');
});
afterAll(() => box.close());

const cases: readonly [what: string, sh: string, summaries: readonly string[]][] = [
  ['nothing there', ':', ['add', 'add']],
  ['one missing', 'ip addr add fd00::100/128 dev lo', ['add']],
  ['on another interface', 'ip addr add 10.77.0.100/32 dev eth0; ip addr add fd00::100/128 dev lo', ['add']],
  [
    'another prefix',
    'ip addr add 10.77.0.100/24 dev lo; ip addr add fd00::100/64 dev lo',
    ['prefix /24 → /32', 'prefix /64 → /128'],
  ],
  ['as wished', 'ip addr add 10.77.0.100/32 dev lo; ip addr add fd00::100/128 dev lo', []],
  [
    'beside others',
    'ip addr add 10.77.0.10/32 dev lo; ip addr add 10.77.0.100/32 dev lo; ip addr add fd00::100/128 dev lo',
    [],
  ],
];

describe.each(shells)('in %s, an address with', (shell) => {
  test.each(cases)('%s', async (_what, sh, summaries) => {
    box.must(sh);
    const present = 'ip -o addr show dev lo | sed "s/ tentative//; s/ *valid_lft.*//" | sort';
    const before = box.must(present);
    const steps = await box.steps([vip, vip6], shell);
    expect(steps.map((step) => step.summary)).toEqual(summaries);
    expect(box.do([...steps, failing], shell).code).toBe(1);
    expect(box.must(present)).toBe(before);
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect(await box.steps([vip, vip6], shell)).toEqual([]);
  });
});

test('an address that cannot be added is put back as it was, also when the step got nowhere', async () => {
  box.must('ip addr add 10.77.0.100/24 dev lo');
  const steps = await box.steps([vip]);
  const [step] = steps;
  const broken = { ...step, ...failing, undo: step?.undo };
  const { progress } = box.do([broken]);
  expect(progress).toContainEqual({ type: 'undone', stage: 0, step: 0, code: 0 });
  expect(box.must('ip -o -4 addr show dev lo')).toContain('10.77.0.100/24');
});

test('an interface that is not there is a missing address, not an error', async () => {
  const steps = await box.steps([{ ...vip, interface: 'eth7' }]);
  expect(steps).toMatchObject([{ action: 'create', summary: 'add' }]);
  expect(box.do(steps).output).toContain('eth7');
});

test('what ip prints when it cannot look is not taken for "no addresses"', () => {
  expect(() => address.read('', [vip])).toThrow();
});

test.each([
  ['the same prefix', { prefix: 32 }, 'none', []],
  ['absent', 'absent', 'none', ['create']],
  ['unknown', undefined, 'none', ['create']],
  ['another prefix', { prefix: 16 }, 'interrupt', ['update']],
] as const)('%s', (_what, seen, impact, actions) => {
  const steps = address.change(vip, seen, unchanging);
  expect(steps.map(({ action }) => action)).toEqual(actions);
  for (const step of steps) expect(step.impact).toBe(impact);
});

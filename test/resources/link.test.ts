import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { link, type LinkResource } from '../../src/resources/link.ts';
import { Box } from '../support/box.ts';
import { unchanging } from '../support/context.ts';
import { shells } from '../support/sh.ts';
import { failing } from '../support/steps.ts';

const brought: LinkResource = { kind: 'link', interface: 'wire', type: 'brought' };
const dummy: LinkResource = { kind: 'link', interface: 'dummy0', type: 'dummy' };
const removing = { ...unchanging, removePackages: false };

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
afterAll(() => box.close());

describe.each(shells)('in %s, a device that a module brings', (shell) => {
  test('is set up, down again when something fails, and when it is removed', async () => {
    box.must('ip link set wire down');
    const isUp = (): boolean => /<[^>]*\bUP\b/.test(box.must('ip link show wire'));
    const steps = await box.steps([brought], shell);
    expect(steps.map(({ summary }) => summary)).toEqual(['down → up']);
    expect(box.do([...steps, failing], shell).code).toBe(1);
    expect(isUp()).toBe(false);
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect(isUp()).toBe(true);
    expect(await box.steps([brought], shell)).toEqual([]);
    const removal = link.remove?.(brought, { up: true, type: 'veth' }, { up: false, type: 'veth' }, removing) ?? [];
    expect(box.do(removal, shell)).toMatchObject({ code: 0, output: '' });
    expect(isUp()).toBe(false);
  });
});

test.each([
  ['a dummy device that is not there', dummy, 'absent', 'create', 'dummy device, up'],
  ['a dummy device that is down', dummy, { up: false, type: 'dummy' }, 'update', 'down → up'],
  ['a device whose module is not loaded yet', brought, 'absent', 'update', 'up, once its module is there'],
] as const)('%s', (_what, resource, observed, action, summary) => {
  expect(link.change(resource, observed, unchanging)).toMatchObject([{ action, summary }]);
});

test('something else under the name of the dummy device is left alone, and the step says so', () => {
  const steps = link.change({ ...dummy, interface: 'eth0' }, { up: true, type: undefined }, unchanging);
  expect(steps).toHaveLength(1);
  const { code, output } = box.do(steps);
  expect(code).toBe(1);
  expect(output).toContain('eth0 is there and is no dummy device');
});

test('a device that was up before stays up, and one that was a dummy before stays', () => {
  expect(link.remove?.(brought, { up: true, type: 'gre' }, { up: true, type: 'gre' }, removing)).toEqual([]);
  expect(link.remove?.(dummy, { up: true, type: 'dummy' }, { up: true, type: 'dummy' }, removing)).toEqual([]);
  expect(link.remove?.(dummy, { up: true, type: 'dummy' }, 'absent', removing)).toMatchObject([{ action: 'delete' }]);
});

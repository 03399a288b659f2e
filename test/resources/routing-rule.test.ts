import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { routingRule, type RoutingRuleResource } from '../../src/resources/routing-rule.ts';
import { Box } from '../support/box.ts';
import { unchanging } from '../support/context.ts';
import { shells } from '../support/sh.ts';
import { failing } from '../support/steps.ts';

const four: RoutingRuleResource = { kind: 'routing-rule', family: 4, from: '10.78.0.13', table: 5_200 };
const six: RoutingRuleResource = { kind: 'routing-rule', family: 6, from: 'fd78::13', table: 5_201 };
const removing = { ...unchanging, removePackages: false };

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
beforeEach(() => {
  box.must(
    'for f in 4 6; do for t in 5200 5201; do while ip -$f rule del table $t 2>/dev/null; do :; done; done; done',
  );
});
afterAll(() => box.close());

describe.each(shells)('in %s, a rule', (shell) => {
  test('is added once, taken back when something fails, and removed', async () => {
    const rules = 'ip -4 rule; ip -6 rule';
    const before = box.must(rules);
    const steps = await box.steps([four, six], shell);
    expect(steps.map(({ summary }) => summary)).toEqual(['add', 'add']);
    expect(box.do([...steps, failing], shell).code).toBe(1);
    expect(box.must(rules)).toBe(before);
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect(await box.steps([four, six], shell)).toEqual([]);
    const removal = [four, six].flatMap((one) => routingRule.remove?.(one, 'present', 'absent', removing) ?? []);
    expect(box.do(removal, shell)).toMatchObject({ code: 0, output: '' });
    expect(box.must(rules)).toBe(before);
  });
});

test('a rule of another priority or to another table is another rule', () => {
  const output = '0:\tfrom all lookup local\n5199:\tfrom 10.78.0.13 lookup 5200\n5200:\tfrom 10.78.0.13 lookup main\n';
  expect(routingRule.read(output, [four]).get(routingRule.name(four))).toBe('absent');
});

test('one that was there before stays', () => {
  expect(routingRule.remove?.(four, 'present', 'present', removing)).toEqual([]);
});

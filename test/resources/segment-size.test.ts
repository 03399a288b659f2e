import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askSegments, segmentSize, type SegmentSizeResource } from '../../src/resources/segment-size.ts';
import { Box } from '../support/box.ts';
import { desiredOf } from '../support/cluster.ts';
import { unchanging } from '../support/context.ts';
import { shells } from '../support/sh.ts';
import { failing } from '../support/steps.ts';

const four: SegmentSizeResource = { kind: 'segment-size', family: 4, most: 1_440 };
const six: SegmentSizeResource = { kind: 'segment-size', family: 6, most: 1_388 };
const both = [four, six];
const removing = { ...unchanging, removePackages: false };

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
beforeEach(() => {
  box.must(
    [
      'ip addr flush dev eth0; ip link set wire up',
      'ip addr add 10.77.0.13/24 dev eth0; ip -6 addr add fd77::13/64 dev eth0 nodad',
      'ip route replace default via 10.77.0.1 dev eth0 proto static metric 100',
      'ip route replace 10.9.0.0/16 via 10.77.0.9 dev eth0 advmss 1200',
      'ip route replace unreachable 10.10.0.0/16',
      'ip -6 route replace default via fd77::1 dev eth0 metric 1024',
    ].join('\n'),
  );
});
afterAll(() => box.close());

const routes = (): string[] =>
  box
    .must('ip -4 route; ip -6 route')
    .split('\n')
    .map((line) => line.replace(/ (linkdown|pref \w+)/g, '').trim())
    .filter((line) => line !== '' && !line.includes('fe80'));

describe.each(shells)('in %s', (shell) => {
  test('every route that asks for more is made to ask for less, and asks as before afterwards', async () => {
    const before = routes();
    const steps = await box.steps(both, shell);
    expect(steps.map(({ summary }) => summary)).toEqual([
      'asks for 1440 bytes at most, on 2 routes',
      'asks for 1388 bytes at most, on 2 routes',
    ]);
    expect(box.do([...steps, failing], shell).code).toBe(1);
    expect(routes()).toEqual(before);

    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    const now = routes();
    expect(now).toHaveLength(before.length);
    expect(now.filter((line) => line.includes('advmss 1440'))).toHaveLength(2);
    expect(now.filter((line) => line.includes('advmss 1388'))).toHaveLength(2);
    expect(now).toContain('10.9.0.0/16 via 10.77.0.9 dev eth0 advmss 1200');
    expect(await box.steps(both, shell)).toEqual([]);

    const { states } = await box.look(desiredOf(both));
    const removal = both.flatMap(
      (one) =>
        segmentSize.remove?.(one, states.get(`segment-size ${segmentSize.name(one)}`) as never, [], removing) ?? [],
    );
    expect(box.do(removal, shell)).toMatchObject({ code: 0, output: '' });
    expect(routes()).toEqual(before);
  });

  test('a route that came in the meantime is not forgotten', async () => {
    const steps = await box.steps([four], shell);
    box.must('ip route replace 10.11.0.0/16 via 10.77.0.1 dev eth0');
    box.do(steps, shell);
    expect(routes()).toContain('10.11.0.0/16 via 10.77.0.1 dev eth0 advmss 1440');
    box.must('ip route del 10.11.0.0/16');
  });
});

test('lines that ip does not take back are left alone', () => {
  const output = [
    'family 4',
    'default proto static nexthop via 10.77.0.1 dev eth0 weight 1 nexthop via 10.77.0.2 dev eth0 weight 1',
    'unreachable 10.10.0.0/16',
    '10.77.0.0/24 dev eth0 proto kernel scope link src 10.77.0.13 linkdown',
  ].join('\n');
  expect(segmentSize.read(output, [four]).get(segmentSize.name(four))).toEqual([
    { line: '10.77.0.0/24 dev eth0 proto kernel scope link src 10.77.0.13', most: undefined },
  ]);
});

test('the function for the boot takes nothing from the environment but its arguments', () => {
  expect(box.run(`set -eu\n${askSegments}\nask_segments 4 1300\nip route`).stdout).toContain('advmss 1300');
});

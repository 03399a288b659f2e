import { expect, test } from 'vitest';
import { receivePort, type ReceivePortResource } from '../../src/resources/receive-port.ts';
import { unchanging } from '../support/context.ts';

const four: ReceivePortResource = { kind: 'receive-port', family: 4, port: 6_080 };
const six: ReceivePortResource = { kind: 'receive-port', family: 6, port: 6_080 };
const removing = { ...unchanging, removePackages: false };

/** As iproute2 6.15 prints it on Linux 7.2. */
const listing =
  '[{"port":6080,"gue":null,"family":"inet6"},{"port":6080,"gue":null,"family":"inet"},{"port":5555,"ipproto":4,"family":"inet"}]';

test.each([
  ['both families open', listing, four, 'open'],
  ['IPv6', listing, six, 'open'],
  ['a port of another kind', listing, { ...four, port: 5_555 }, 'other'],
  ['another port', listing, { ...four, port: 6_081 }, 'absent'],
  ['the same port over the other family alone', '[{"port":6080,"gue":null,"family":"inet"}]', six, 'absent'],
  ['no module', '', four, 'absent'],
] as const)('%s', (_what, output, resource, state) => {
  expect(receivePort.read(output, [resource]).get(receivePort.name(resource))).toBe(state);
});

test('a port is opened for its family, and closed by the undo and the removal', () => {
  expect(receivePort.change(six, 'absent', unchanging)).toMatchObject([
    { action: 'create', sh: 'ip -6 fou add port 6080 gue', undo: 'ip -6 fou del port 6080 2>/dev/null || :' },
  ]);
  expect(receivePort.change(four, 'open', unchanging)).toEqual([]);
  expect(receivePort.remove?.(four, 'open', 'absent', removing)).toMatchObject([
    { action: 'delete', undo: 'ip -4 fou add port 6080 gue' },
  ]);
  expect(receivePort.remove?.(four, 'open', 'open', removing)).toEqual([]);
});

test('a port that unpacks something else stays as it is, and the step says so', () => {
  expect(receivePort.change(four, 'other', unchanging)).toMatchObject([
    {
      summary: expect.stringContaining('choose another port') as unknown,
      sh: expect.stringMatching(/false$/) as unknown,
    },
  ]);
});

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { applyPlan } from '../../src/apply/apply.ts';
import type { Run } from '../../src/apply/run.ts';
import type { Progress } from '../../src/apply/script.ts';
import type { Event } from '../../src/events.ts';
import type { Plan, PlannedStage } from '../../src/plan/plan.ts';
import { err, ok } from '../../src/result.ts';
import type { RunFailure } from '../../src/ssh/connection.ts';
import { fakeConnection, finished, tell, type Behaviour } from '../support/connection.ts';
import { makeRun } from '../support/run.ts';
import { makeStep } from '../support/steps.ts';

const steps = [
  makeStep('file /a'),
  makeStep('file /b'),
  makeStep('service x', { action: 'run', undo: undefined, settle: ':' }),
];
const stage = (name: PlannedStage['stage'], ...batches: readonly (readonly string[])[]): PlannedStage => ({
  stage: name,
  batches: batches.map((batch) => batch.map((host) => ({ host, steps }))),
});
const planOf = (...stages: readonly PlannedStage[]): Plan => ({
  cluster: 'shop',
  hosts: [...new Set(stages.flatMap(({ batches }) => batches.flat().map(({ host }) => host)))],
  stages,
});

const all: readonly Progress[] = [
  ...steps.flatMap((_, step): Progress[] => [
    { type: 'start', step },
    { type: 'ok', step },
  ]),
  { type: 'end' },
];
const works: Behaviour = (script, options) => {
  tell(script, options, all);
  return finished();
};
const breaks =
  (...lines: readonly (Progress | string)[]): Behaviour =>
  (script, options) => {
    tell(script, options, lines);
    return finished('', 1);
  };
const failsAtTwo = breaks(
  { type: 'start', step: 0 },
  { type: 'ok', step: 0 },
  { type: 'start', step: 1 },
  'first words',
  '',
  'last words',
  { type: 'failed', step: 1, code: 4 },
  'words of the undo',
  { type: 'undone', stage: 0, step: 1, code: 0 },
  { type: 'undone', stage: 0, step: 0, code: 0 },
  { type: 'end' },
);

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterAll(() => {
  vi.useRealTimers();
});

async function apply(
  plan: Plan,
  behaviours: Readonly<Record<string, Behaviour>> = {},
  signal = new AbortController().signal,
  parts: Partial<Run> = {},
) {
  const events: Event[] = [];
  const ran: string[] = [];
  const connections = new Map(
    plan.hosts.map((host) => [
      host,
      fakeConnection(host, (script, options) => {
        if (script.endsWith('\nleave')) return finished();
        ran.push(host);
        return (behaviours[host] ?? works)(script, options);
      }),
    ]),
  );
  const run = makeRun({ connections, listen: (event) => events.push(event), signal, ...parts });
  const result = await applyPlan(plan, run);
  return { result, events, ran, connections };
}

describe('the order', () => {
  const plan = planOf(
    stage('packages', ['lb1', 'web1', 'web2']),
    stage('real-servers', ['web1'], ['web2']),
    stage('directors', ['lb1']),
  );

  test('is stage after stage and batch after batch, one exec a host and stage', async () => {
    const { result, ran, connections } = await apply(plan);
    expect(ran).toEqual(['lb1', 'web1', 'web2', 'web1', 'web2', 'lb1']);
    expect(result).toMatchObject({ failures: [], skipped: [], interrupted: false });
    expect(result.done).toHaveLength(6 * steps.length);
    expect([...connections.values()].map(({ channels }) => channels)).toEqual([3, 3, 3]);
  });

  test('holds for slow hosts as well: a batch begins when the one before has ended', async () => {
    const log: string[] = [];
    const slow =
      (host: string, milliseconds: number): Behaviour =>
      async (script, options) => {
        log.push(`${host} begins`);
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        log.push(`${host} ends`);
        return works(script, options);
      };
    await apply(planOf(stage('base', ['web1', 'web2'], ['web3'])), {
      web1: slow('web1', 60),
      web2: slow('web2', 5),
      web3: slow('web3', 1),
    });
    expect(log).toEqual(['web1 begins', 'web2 begins', 'web2 ends', 'web1 ends', 'web3 begins', 'web3 ends']);
  });

  test('tells what happens as it happens', async () => {
    const { events } = await apply(planOf(stage('base', ['web1'])));
    expect(events.map(({ type }) => type)).toEqual([
      'stage-started',
      ...steps.flatMap(() => ['step-started', 'step-done']),
      'host-done',
      'stage-ended',
    ]);
    expect(events[0]).toEqual({ type: 'stage-started', stage: 'base', hosts: 1, steps: 3 });
  });
});

describe('a failure', () => {
  test('lets the batch come to its end, and nothing more is begun', async () => {
    const plan = planOf(stage('base', ['web1', 'web2'], ['web3']), stage('directors', ['lb1']));
    const { result, ran, events } = await apply(plan, { web1: failsAtTwo });
    expect(ran).toEqual(['web1', 'web2']);
    expect(result.skipped).toEqual(['directors']);
    expect(result.done.map(({ host }) => host)).toEqual(['web2', 'web2', 'web2']);
    expect(events.at(-1)).toEqual({ type: 'stage-ended', stage: 'base', failed: ['web1'] });
  });

  test('tells the step, its code, its last words, and how the host was left', async () => {
    const { result } = await apply(planOf(stage('base', ['web1'])), { web1: failsAtTwo });
    expect(result.failures).toEqual([
      {
        host: 'web1',
        stage: 'base',
        step: steps[1],
        cause: { code: 4 },
        output: ['first words', 'last words'],
        undone: ['file /a', 'file /b'],
        kept: [],
      },
    ]);
    expect(result.done).toEqual([]);
  });

  test('tells what could not be put back', async () => {
    const fails = breaks(
      ...all.slice(0, 4),
      { type: 'start', step: 2 },
      { type: 'failed', step: 2, code: 1 },
      { type: 'undone', stage: 0, step: 2, code: 0 },
      { type: 'undone', stage: 0, step: 1, code: 3 },
      { type: 'undone', stage: 0, step: 0, code: 0 },
      { type: 'end' },
    );
    const { result } = await apply(planOf(stage('base', ['web1'])), { web1: fails });
    expect(result.failures[0]).toMatchObject({ undone: ['file /a'], kept: ['file /b'] });
  });

  test('counts a step without an undo as kept', async () => {
    const plan = planOf({
      stage: 'packages',
      batches: [[{ host: 'web1', steps: [makeStep('package nginx', { undo: undefined }), makeStep('file /b')] }]],
    });
    const { result } = await apply(plan, { web1: failsAtTwo });
    expect(result.failures[0]).toMatchObject({ undone: ['file /b'], kept: ['package nginx'] });
  });

  test('keeps the last lines only, made safe for a terminal', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `line ${index} \u001b[31m`);
    const fails = breaks({ type: 'start', step: 0 }, ...words, { type: 'failed', step: 0, code: 1 }, { type: 'end' });
    const { result } = await apply(planOf(stage('base', ['web1'])), { web1: fails });
    expect(result.failures[0]?.output).toHaveLength(12);
    expect(result.failures[0]?.output.at(-1)).toBe('line 39 \\x1b[31m');
  });

  test('is told with what the shell said when the script could not begin', async () => {
    const refuses: Behaviour = (script, options) => {
      tell(script, options, ['mkdir: read-only file system', { type: 'refused' }]);
      return finished('', 1, 'sh: something\u0007 else\n');
    };
    const { result } = await apply(planOf(stage('base', ['web1'])), { web1: refuses });
    expect(result.failures[0]).toMatchObject({
      step: undefined,
      cause: { code: 1 },
      output: ['mkdir: read-only file system', 'sh: something\\x07 else'],
      undone: [],
      kept: [],
    });
  });

  test.each([
    ['its exit code is 0 and its end was not seen', () => finished()],
    ['its shell was killed', () => finished('', undefined)],
  ])('is one although no step failed: %s', async (_what, end) => {
    const stops: Behaviour = (script, options) => {
      tell(script, options, [...all.slice(0, 2), { type: 'start', step: 1 }, 'last words']);
      return end();
    };
    const { result } = await apply(planOf(stage('base', ['web1'])), { web1: stops });
    expect(result.done).toEqual([]);
    expect(result.failures[0]).toMatchObject({
      step: steps[1],
      output: ['last words'],
      undone: [],
      kept: ['file /a', 'file /b'],
    });
  });

  test('is one when a step failed, whatever the exit code', async () => {
    const lies: Behaviour = (script, options) => {
      tell(script, options, [{ type: 'start', step: 0 }, { type: 'failed', step: 0, code: 1 }, { type: 'end' }]);
      return finished('', 0);
    };
    expect((await apply(planOf(stage('base', ['web1'])), { web1: lies })).result.failures).toHaveLength(1);
  });
});

describe('a link that is lost', () => {
  const lost: RunFailure = {
    reason: 'link-lost',
    host: 'web1',
    detail: 'the connection broke off',
    hint: 'look at it',
  };
  const loses =
    (...lines: readonly Progress[]): Behaviour =>
    (script, options) => {
      tell(script, options, lines);
      return err(lost);
    };

  test.each<[what: string, lines: readonly Progress[], step: number | undefined, kept: readonly string[]]>([
    ['before anything was heard', [], undefined, []],
    ['in the first step', all.slice(0, 1), 0, ['file /a']],
    ['in the second step', all.slice(0, 3), 1, ['file /a', 'file /b']],
    ['in a reload', all.slice(0, 5), 2, ['file /a', 'file /b']],
    ['after the last step', all.slice(0, 6), 2, ['file /a', 'file /b']],
  ])('%s: what was begun counts as changed', async (_what, lines, step, kept) => {
    const plan = planOf(stage('base', ['web1', 'web2']), stage('directors', ['lb1']));
    const { result, ran } = await apply(plan, { web1: loses(...lines) });
    expect(result.failures).toEqual([
      {
        host: 'web1',
        stage: 'base',
        step: step === undefined ? undefined : steps[step],
        cause: lost,
        output: [],
        undone: [],
        kept,
      },
    ]);
    expect(ran).toEqual(['web1', 'web2']);
    expect(result.skipped).toEqual(['directors']);
  });
});

test('after a failure the hosts of later batches are named as not begun', async () => {
  const fails: Behaviour = () => err({ reason: 'link-lost', host: 'lb2', detail: 'lost', hint: '' });
  const plan = planOf(stage('directors', ['lb2'], ['lb1'], ['lb3']), stage('remove-base', ['lb1']));
  const { result, ran } = await apply(plan, { lb2: fails });
  expect(ran).toEqual(['lb2']);
  expect(result.brokenOff).toEqual({ stage: 'directors', hosts: ['lb1', 'lb3'] });
  expect(result.skipped).toEqual(['remove-base']);
});

describe('a host that comes back after its link was lost', () => {
  test('is asked over a fresh connection to take the run back, and what it says counts', async () => {
    const lost: Behaviour = (script, options) => {
      tell(script, options, all.slice(0, 1));
      return err({ reason: 'link-lost', host: 'web1', detail: 'gone', hint: '' });
    };
    let attempts = 0;
    const closed: string[] = [];
    const reconnect: Run['reconnect'] = (host) => {
      attempts += 1;
      if (attempts < 3) return Promise.resolve(err({ reason: 'unreachable', host, detail: 'no route', hint: '' }));
      const fresh = fakeConnection(host, (script, options) => {
        tell(script, options, [
          { type: 'undone', stage: 0, step: 2, code: 0 },
          { type: 'undone', stage: 0, step: 1, code: 0 },
          { type: 'undone', stage: 0, step: 0, code: 1 },
          { type: 'end' },
        ]);
        return finished();
      });
      return Promise.resolve(ok({ ...fresh, close: () => closed.push(host) }));
    };
    const { result } = await apply(planOf(stage('base', ['web1'])), { web1: lost }, undefined, { reconnect });
    expect(result.failures).toMatchObject([
      { host: 'web1', cause: { reason: 'link-lost' }, undone: ['file /b'], kept: ['file /a'] },
    ]);
    expect(result.done).toEqual([]);
    expect(closed).toEqual(['web1']);
  });
});

describe('a stage that could cut somebody off', () => {
  const risky = (host: string): Plan =>
    planOf({ stage: 'base', batches: [[{ host, steps: [makeStep('sysctl net.ipv4.ip_forward')] }]] });
  const done: Behaviour = (script, options) => {
    tell(script, options, [{ type: 'start', step: 0 }, { type: 'ok', step: 0 }, { type: 'end' }]);
    return finished();
  };

  test('is confirmed over a connection made after it', async () => {
    const asked: string[] = [];
    const reconnect: Run['reconnect'] = (host) =>
      Promise.resolve(
        ok(
          fakeConnection(host, (script) => {
            asked.push(script);
            return finished();
          }),
        ),
      );
    const { result, ran } = await apply(risky('web1'), { web1: done }, undefined, { reconnect });
    expect(result).toMatchObject({ failures: [], interrupted: false });
    expect(result.done).toHaveLength(1);
    expect(asked).toEqual([expect.stringContaining('/confirmed')]);
    expect(ran).toEqual(['web1']);
  });

  test('is a failure when nobody can log in any more, although every step was done', async () => {
    const { result } = await apply(risky('web1'), { web1: done });
    expect(result.failures).toMatchObject([
      {
        host: 'web1',
        step: undefined,
        cause: { reason: 'unconfirmed' },
        undone: [],
        kept: ['sysctl net.ipv4.ip_forward'],
      },
    ]);
    expect(result.done).toEqual([]);
  });
});

describe('an interruption', () => {
  test('lets the batch that runs come to its end', async () => {
    const stop = new AbortController();
    const interrupts: Behaviour = (script, options) => {
      stop.abort();
      return works(script, options);
    };
    const plan = planOf(stage('base', ['web1', 'web2'], ['web3']), stage('directors', ['lb1']));
    const { result, ran } = await apply(plan, { web1: interrupts }, stop.signal);
    expect(ran).toEqual(['web1', 'web2']);
    expect(result).toMatchObject({ failures: [], skipped: ['directors'], interrupted: true });
    expect(result.brokenOff).toEqual({ stage: 'base', hosts: ['web3'] });
    expect(result.done.map(({ host }) => host)).toEqual([...steps.map(() => 'web1'), ...steps.map(() => 'web2')]);
  });

  test('before the first batch begins nothing', async () => {
    const { result, ran } = await apply(planOf(stage('base', ['web1'])), {}, AbortSignal.abort());
    expect(ran).toEqual([]);
    expect(result).toMatchObject({ done: [], skipped: ['base'], interrupted: true });
  });
});

test('notes reach the operator at once and harmless', async () => {
  const notes: Behaviour = (script, options) => {
    tell(script, options, [{ type: 'start', step: 0 }, { type: 'note', text: 'waits \u001b]0;x' }, ...all.slice(1)]);
    return finished();
  };
  const { events } = await apply(planOf(stage('base', ['web1'])), { web1: notes });
  expect(events[2]).toEqual({ type: 'step-note', stage: 'base', host: 'web1', text: 'waits \\x1b]0;x' });
});

test('a host without a connection is a bug, not a failure', async () => {
  await expect(applyPlan(planOf(stage('base', ['web1'])), makeRun({ connections: new Map() }))).rejects.toThrow('web1');
});

import { describe, expect, test } from 'vitest';
import { observe } from '../../src/observe/observe.ts';
import { survey, type Connect } from '../../src/observe/survey.ts';
import type { Event } from '../../src/events.ts';
import { err, ok } from '../../src/result.ts';
import type { Resource } from '../../src/resources/index.ts';
import type { RunFailure } from '../../src/ssh/connection.ts';
import { desiredOf } from '../support/cluster.ts';
import { fakeConnection, finished, type Behaviour } from '../support/connection.ts';
import { runSh } from '../support/sh.ts';

const real: Behaviour = (script) => {
  const { code, stdout, stderr } = runSh(script);
  return finished(stdout, code, stderr);
};
const modules = (count: number): Resource[] =>
  Array.from({ length: count }, (_, index) => ({ kind: 'kernel-module', module: `none_${index}` }));
const files = (count: number): Resource[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'file',
    path: `/no/such/${index}`,
    content: 'x',
    mode: '0644',
    owner: 'root',
    group: 'root',
  }));

describe('an observation', () => {
  test('is one exec, whatever the number of resources and kinds', async () => {
    const desired = desiredOf([
      ...modules(100),
      ...files(300),
      { kind: 'sysctl', key: 'kernel.ostype', value: 'Linux' },
    ]);
    const connection = fakeConnection('web1', real);
    const observation = await observe(connection, desired, [{ name: 'more', sh: 'echo more; (exit 4)' }]);
    expect(connection.channels).toBe(1);
    if (!observation.ok) throw new Error(observation.error.detail);
    expect(observation.value.states.size).toBe(401);
    expect(observation.value.states.get('kernel-module none_7')).toBe('absent');
    expect(observation.value.states.get('file /no/such/299')).toEqual({ state: 'absent' });
    expect(observation.value.states.get('sysctl kernel.ostype')).toEqual({ own: 'Linux', effective: 'Linux' });
    expect(observation.value.extra).toEqual(new Map([['more', { output: 'more\n', status: 4 }]]));
    expect(observation.value.facts.kernel).toMatch(/^\d/);
  });

  const cutting =
    (cut: (stdout: string) => string): Behaviour =>
    (script) => {
      const { stdout } = runSh(script);
      return finished(cut(stdout), 0, 'one\ntwo\nthree\nfour\n');
    };
  test.each([
    ['nothing comes', cutting(() => '')],
    ['it breaks off in the middle', cutting((text) => text.slice(0, text.length / 2))],
    ['its last byte is missing', cutting((text) => text.slice(0, -1))],
    ['its beginning is missing', cutting((text) => text.slice(text.length / 2))],
  ])('is an error when %s, with what was said last', async (_what, behave) => {
    const observation = await observe(fakeConnection('web1', behave), desiredOf([...modules(1), ...files(1)]));
    expect(observation).toMatchObject({
      ok: false,
      error: { reason: 'unreadable', host: 'web1', hint: 'two\nthree\nfour' },
    });
  });

  test('is an error when a kind cannot make sense of its answer', async () => {
    const addresses = desiredOf([{ kind: 'address', address: '10.0.0.1', prefix: 32, interface: 'lo' }]);
    const garbled: Behaviour = (script) =>
      finished(runSh(script.replace('ip -j addr show', 'echo "no ip here"')).stdout);
    expect(await observe(fakeConnection('web1', garbled), addresses)).toMatchObject({
      ok: false,
      error: {
        reason: 'unreadable',
        detail: expect.stringContaining('the answer about address makes no sense') as string,
      },
    });
  });

  test('passes on why it could not be made', async () => {
    const lost: RunFailure = { reason: 'link-lost', host: 'web1', detail: 'gone', hint: '' };
    expect(
      await observe(
        fakeConnection('web1', () => err(lost)),
        desiredOf([]),
      ),
    ).toEqual({ ok: false, error: lost });
  });

  test('has a new nonce each time', async () => {
    const scripts: string[] = [];
    const connection = fakeConnection('web1', (script, options) => {
      scripts.push(script);
      return real(script, options);
    });
    await observe(connection, desiredOf([]));
    await observe(connection, desiredOf([]));
    expect(scripts[0]).not.toBe(scripts[1]);
    expect(/[0-9a-f]{24}/.exec(scripts[0] ?? '')).not.toBeNull();
  });
});

test('a survey releases each connection once its host was observed, if that is wished', async () => {
  const released: string[] = [];
  const hosts = ['web1', 'web2'];
  const connect: Connect = (_hosts, onResult) => {
    onResult('web1', ok(fakeConnection('web1', real)));
    onResult('web2', ok(fakeConnection('web2', () => finished('nonsense'))));
    return Promise.resolve();
  };
  const found = await survey(
    hosts.map((name) => desiredOf(files(1), 'base', name)),
    connect,
    () => undefined,
    { release: ({ host }) => released.push(host) },
  );
  expect(released.sort()).toEqual(hosts);
  expect(found.connections.size).toBe(0);
  expect(found.observations.size).toBe(1);
});

test('a survey tells of each host what became of it, and goes on without the ones that cannot be reached', async () => {
  const refused = { reason: 'login-refused', host: 'web2', detail: 'no key fits', hint: 'ssh-add' } as const;
  const desired = ['web1', 'web2', 'web3'].map((name) => desiredOf(files(1), 'base', name));
  const connect: Connect = (_hosts, onResult) => {
    onResult('web2', err(refused));
    onResult('web1', ok(fakeConnection('web1', real)));
    onResult('web3', ok(fakeConnection('web3', () => finished('nonsense'))));
    onResult('stranger', ok(fakeConnection('stranger', real)));
    return Promise.resolve();
  };
  const events: Event[] = [];
  const found = await survey(desired, connect, (event) => events.push(event), {
    extra: (host) => [{ name: 'who', sh: `echo ${host}` }],
  });
  expect([...found.connections.keys()]).toEqual(['web1', 'web3']);
  expect([...found.observations.keys()]).toEqual(['web1']);
  expect(found.observations.get('web1')?.extra.get('who')?.output).toBe('web1\n');
  expect(found.unreachable).toEqual([refused]);
  expect(found.unreadable).toMatchObject([{ reason: 'unreadable', host: 'web3' }]);
  expect(events[0]).toEqual({ type: 'connecting', hosts: ['web1', 'web2', 'web3'] });
  expect(
    events
      .slice(1)
      .map((event) => event.type)
      .sort(),
  ).toEqual([
    ...['answered', 'answered', 'asked', 'asked'],
    ...['connect-failed', 'connected', 'connected', 'observe-failed', 'observed'],
  ]);
});

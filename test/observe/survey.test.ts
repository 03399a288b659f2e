import { describe, expect, test } from 'vitest';
import { survey, type Connect } from '../../src/observe/survey.ts';
import { err, ok } from '../../src/result.ts';
import { makeCluster, makeHost, makeObservation } from '../support/cluster.ts';
import { factsOutput, FakePlace, wishless } from '../verify/fake-host.ts';

test('hosts that answer in another order are in that of the wishes', async () => {
  const desired = wishless(makeCluster({ hosts: ['web3', 'lb1', 'web1'].map((name) => makeHost(name)) }));
  const connect: Connect = async (hosts, onResult) => {
    for (const { name } of [...hosts].reverse()) {
      const facts = factsOutput(makeObservation(name));
      const place = new FakePlace(name, () => (section) => (section === 'facts' ? facts : ''));
      onResult(name, ok(place.connection()));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const { observations, unreadable } = await survey(desired, connect, () => undefined);
  expect(unreadable).toEqual([]);
  expect([...observations.keys()]).toEqual(['web3', 'lb1', 'web1']);
});

describe('wishes that are not made yet', () => {
  const desired = wishless(makeCluster({ hosts: ['web1', 'web2'].map((name) => makeHost(name)) }));
  const hosts = desired.map(({ host }) => host);
  const wish = (host: (typeof hosts)[number]): (typeof desired)[number] =>
    desired.find((one) => one.host === host) ?? expect.unreachable(`${host.name} is not one of them`);
  /** A network on which hosts are dialled, and answer in the turn after that. */
  const connect: Connect = async (all, onResult, onStep) => {
    for (const { name } of all) onStep?.(name, 'tcp');
    await new Promise((resolve) => setImmediate(resolve));
    for (const { name } of all) {
      onStep?.(name, 'handshake');
      const facts = factsOutput(makeObservation(name));
      onResult(name, ok(new FakePlace(name, () => (section) => (section === 'facts' ? facts : '')).connection()));
    }
  };

  test('are made once the first host has been reached, and all are observed by them', async () => {
    const seen: string[] = [];
    const found = await survey(
      {
        hosts,
        wish(host) {
          seen.push('wish');
          return wish(host);
        },
      },
      connect,
      (event) => seen.push(event.type),
    );
    expect([...found.observations.keys()]).toEqual(['web1', 'web2']);
    expect(found.desired).toEqual(desired);
    expect(seen.indexOf('wish')).toBeGreaterThan(seen.indexOf('connect-step'));
    expect(seen.indexOf('wish')).toBeLessThan(seen.indexOf('asked'));
  });

  test('are made at once of a host that is connected, whatever is left to be made', async () => {
    const asked: string[] = [];
    await survey(
      {
        hosts,
        wish(host) {
          asked.push(host.name);
          return wish(host);
        },
      },
      async ([first, second], onResult) => {
        for (const { name } of [second, first].filter((host) => host !== undefined)) {
          const facts = factsOutput(makeObservation(name));
          onResult(name, ok(new FakePlace(name, () => (section) => (section === 'facts' ? facts : '')).connection()));
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
      () => undefined,
    );
    expect(asked[0]).toBe('web2');
  });

  test('are made where no host can be reached', async () => {
    const refused: Connect = ([host], onResult) => {
      onResult(host?.name ?? '', err({ reason: 'unreachable', host: 'web1', detail: '', hint: '' }));
      return Promise.resolve();
    };
    const found = await survey({ hosts: hosts.slice(0, 1), wish }, refused, () => undefined);
    expect(found.unreachable).toHaveLength(1);
    expect(found.desired).toEqual(desired.slice(0, 1));
  });

  test('that cannot be made end it, whatever connections are under way', async () => {
    const never: Connect = (all, onResult, onStep) => {
      void connect(all, onResult, onStep);
      return new Promise(() => undefined);
    };
    const broken = (): never => {
      throw new Error('exports.hbs:2');
    };
    await expect(survey({ hosts, wish: broken }, never, () => undefined)).rejects.toThrow('exports.hbs:2');
  });
});

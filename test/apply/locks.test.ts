import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { takeLocks, whose, type LockOptions } from '../../src/apply/locks.ts';
import type { Holder } from '../../src/apply/lock.ts';
import type { Event } from '../../src/events.ts';
import { err } from '../../src/result.ts';
import type { Connection, Finished, RunFailure } from '../../src/ssh/connection.ts';
import type { Result } from '../../src/result.ts';
import { fakeConnection, finished, nonceOf } from '../support/connection.ts';
import { holder } from '../support/run.ts';

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterAll(() => {
  vi.useRealTimers();
});

const bob: Holder = { ...holder, run: 'bbbbbbbbbbbbbbbb', by: 'bob@desk' };

/** Hosts with locks, as far as the operator's side sees them; `log` has what was asked of which. */
class Hosts {
  readonly log: string[] = [];
  readonly held = new Map<string, Holder>();
  readonly #ends = new Map<string, (result: Result<Finished, RunFailure>) => void>();
  readonly connections: ReadonlyMap<string, Connection>;

  constructor(...names: readonly string[]) {
    this.connections = new Map(names.map((name) => [name, this.#host(name)]));
  }

  #host(name: string): Connection {
    return fakeConnection(name, (script, { onLine }) => {
      if (!script.startsWith('nonce=')) {
        const what = script.includes('.beat') && !script.includes('kill -TERM') ? 'beat' : 'release';
        this.log.push(`${what} ${name}`);
        if (what === 'release') {
          this.held.delete(name);
          this.end(name, finished());
        }
        return finished();
      }
      this.log.push(`lock ${name}`);
      const nonce = nonceOf(script);
      const other = this.held.get(name);
      if (other) {
        onLine?.(`${nonce} held ${JSON.stringify(other)}`);
        return finished('', 75);
      }
      this.held.set(name, holder);
      onLine?.(`${nonce} locked`);
      return new Promise((resolve) => this.#ends.set(name, resolve));
    });
  }

  /** The keeper of a host's lock ends. */
  end(name: string, result: Result<Finished, RunFailure>): void {
    this.#ends.get(name)?.(result);
  }

  take(parts: Partial<LockOptions> = {}) {
    return takeLocks(this.connections, {
      holder,
      wait: 0,
      listen: () => undefined,
      signal: new AbortController().signal,
      pause: (milliseconds) => {
        vi.setSystemTime(Date.now() + milliseconds);
        return Promise.resolve();
      },
      ...parts,
    });
  }
}

describe('locks', () => {
  test('are taken in one order, the first host before all others, and given back', async () => {
    const hosts = new Hosts('web2', 'lb1', 'web1');
    const taken = await hosts.take();
    expect(hosts.log).toEqual(['lock lb1', 'lock web1', 'lock web2']);
    if (!taken.ok) throw new Error('not locked');
    await taken.value.release();
    expect(hosts.log.slice(3).sort()).toEqual(['release lb1', 'release web1', 'release web2']);
    expect(taken.value.lost.aborted).toBe(false);
  });

  test('are had all or not at all, and it is said who has the others', async () => {
    const hosts = new Hosts('lb1', 'web1', 'web2');
    hosts.held.set('web2', bob);
    const taken = await hosts.take();
    expect(taken.ok ? [] : taken.error).toEqual([
      {
        reason: 'held',
        host: 'web2',
        detail: `locked by ${whose(bob)}`,
        hint: 'Wait for it (--lock-wait SECONDS), or, if that run is gone for certain: lvsctl unlock web2',
      },
    ]);
    expect([...hosts.held.keys()]).toEqual(['web2']);
  });

  test('nothing else is tried where the first host is held', async () => {
    const hosts = new Hosts('lb1', 'web1');
    hosts.held.set('lb1', bob);
    expect((await hosts.take()).ok).toBe(false);
    expect(hosts.log).toEqual(['lock lb1']);
  });

  test('are waited for as long as is asked, holding none, and told about once', async () => {
    const hosts = new Hosts('lb1', 'web1');
    hosts.held.set('web1', bob);
    const events: Event[] = [];
    let pauses = 0;
    const taken = await hosts.take({
      wait: 60,
      listen: (event) => events.push(event),
      pause: () => {
        expect(hosts.held.get('lb1')).toBeUndefined();
        pauses += 1;
        if (pauses === 3) hosts.held.delete('web1');
        return Promise.resolve();
      },
    });
    expect(taken.ok).toBe(true);
    expect(events).toEqual([{ type: 'locking', text: `waits for web1: locked by ${whose(bob)}` }]);
  });

  test('of a host where an earlier run is still at work are waited for, until the operator stops', async () => {
    const events: Event[] = [];
    const stop = new AbortController();
    let end: (result: Result<Finished, RunFailure>) => void = () => undefined;
    const connection = fakeConnection('lb1', (script, { onLine }) => {
      if (!script.startsWith('nonce=')) {
        end(finished('', 1));
        return finished();
      }
      onLine?.(`${nonceOf(script)} at-work`);
      return new Promise((resolve) => (end = resolve));
    });
    const taking = takeLocks(new Map([['lb1', connection]]), {
      ...{ holder, wait: 0, signal: stop.signal, pause: () => Promise.resolve() },
      listen: (event) => events.push(event),
    });
    expect(events).toEqual([
      { type: 'locking', text: 'waits for lb1, where an earlier run that broke off is still at work' },
    ]);
    stop.abort();
    const taken = await taking;
    expect(taken.ok ? [] : taken.error).toMatchObject([{ reason: 'aborted', host: 'lb1' }]);
  });

  test('are given up when the time is over, or when the operator stops', async () => {
    const hosts = new Hosts('lb1');
    hosts.held.set('lb1', bob);
    expect((await hosts.take({ wait: 5 })).ok).toBe(false);
    expect(hosts.log.filter((one) => one === 'lock lb1').length).toBeGreaterThan(3);
    expect((await hosts.take({ wait: 1e9, signal: AbortSignal.abort() })).ok).toBe(false);
  });

  test('a host that cannot be locked is no reason to wait', async () => {
    const hosts = new Hosts('lb1');
    const broken = fakeConnection('lb1', () => err({ reason: 'link-lost', host: 'lb1', detail: 'gone', hint: '' }));
    const taken = await takeLocks(new Map([['lb1', broken]]), {
      holder,
      wait: 1e9,
      listen: () => undefined,
      signal: new AbortController().signal,
      pause: () => Promise.reject(new Error('waited')),
    });
    expect(taken.ok ? [] : taken.error).toMatchObject([{ reason: 'refused', host: 'lb1', hint: 'gone' }]);
    expect(hosts.log).toEqual([]);
  });

  test('one that is broken by somebody is told', async () => {
    const hosts = new Hosts('lb1', 'web1');
    const taken = await hosts.take();
    if (!taken.ok) throw new Error('not locked');
    hosts.end('web1', finished('', 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken.value.lost.aborted).toBe(true);
    expect(taken.value.lost.reason).toMatchObject({ reason: 'lost', host: 'web1' });
  });
});

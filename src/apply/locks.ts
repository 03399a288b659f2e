import { randomBytes } from 'node:crypto';
import type { Listener } from '../events.ts';
import { err, ok, type Result } from '../result.ts';
import type { Connection } from '../ssh/connection.ts';
import {
  beatEvery,
  beatScript,
  keepLockScript,
  readLockWord,
  releaseScript,
  type BrokenOff,
  type Holder,
  type LockWord,
} from './lock.ts';
import { Patience, type Limits } from './patience.ts';

/** The locks that a run holds. */
export interface Locks {
  /** Runs that broke off earlier, by host. */
  readonly brokenOff: ReadonlyMap<string, readonly BrokenOff[]>;
  /** Fires when a lock is not held any more although nobody gave it back; the reason is a {@link LockTrouble}. */
  readonly lost: AbortSignal;
  /** Gives all back. */
  release(): Promise<void>;
}

/** Why a host's lock could not be had, or was lost. */
export interface LockTrouble {
  readonly reason: 'held' | 'refused' | 'lost' | 'aborted';
  readonly host: string;
  readonly detail: string;
  readonly hint: string;
}

/** See {@link takeLocks}. */
export interface LockOptions {
  readonly holder: Holder;
  /** Seconds to wait for locks that others hold. */
  readonly wait: number;
  readonly listen: Listener;
  readonly signal: AbortSignal;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly limits?: Limits;
}

/** For a host to give its lock or to refuse it; where something is still at work it gives a sign each second. */
const usualLimits: Limits = { silence: 30, most: 300 };

/** Seconds for the longest run. */
const longest = 24 * 3600;

/** Seconds for a short script. */
const deadline = 30;

/**
 * Takes the locks of hosts, all or none. The first in the order of names goes before the others, which go at once; nothing is held
 * while waiting for somebody else. So two runs neither wait for each other in a circle nor get in each other's way for ever.
 */
export async function takeLocks(
  connections: ReadonlyMap<string, Connection>,
  options: LockOptions,
): Promise<Result<Locks, readonly LockTrouble[]>> {
  const names = [...connections.keys()].sort();
  const end = Date.now() + options.wait * 1000;
  let told = '';
  for (;;) {
    const taken: Keeper[] = [];
    const troubles: LockTrouble[] = [];
    for (const group of [names.slice(0, 1), names.slice(1)]) {
      if (troubles.length > 0) break;
      const keepers = group.flatMap((name) => {
        const connection = connections.get(name);
        return connection ? [new Keeper(connection, options)] : [];
      });
      for (const outcome of await Promise.all(keepers.map((keeper) => keeper.taken))) {
        if (outcome.ok) taken.push(outcome.value);
        else troubles.push(outcome.error);
      }
    }
    if (troubles.length === 0) return ok(hold(taken));
    await Promise.all(taken.map((keeper) => keeper.release()));
    const [first] = troubles;
    const hopeless = troubles.some(({ reason }) => reason !== 'held');
    if (hopeless || options.signal.aborted || Date.now() >= end) return err(troubles);
    const text = first === undefined ? '' : `waits for ${first.host}: ${first.detail}`;
    if (text !== told) options.listen({ type: 'locking', text });
    told = text;
    await options.pause(1000);
  }
}

function hold(keepers: readonly Keeper[]): Locks {
  const lost = new AbortController();
  for (const keeper of keepers)
    void keeper.lost.then((trouble) => {
      if (trouble) lost.abort(trouble);
    });
  return {
    brokenOff: new Map(keepers.map(({ host, brokenOff }) => [host, brokenOff])),
    lost: lost.signal,
    release: async () => {
      await Promise.all(keepers.map((keeper) => keeper.release()));
    },
  };
}

/** Holds the lock of one host, in a channel of its own. */
class Keeper {
  readonly host: string;
  readonly brokenOff: BrokenOff[] = [];
  /** Itself, once the lock is had. */
  readonly taken: Promise<Result<Keeper, LockTrouble>>;
  /** Resolves when the lock is not held any more; undefined: it was given back. */
  readonly lost: Promise<LockTrouble | undefined>;
  readonly #connection: Connection;
  readonly #options: LockOptions;
  #beat: NodeJS.Timeout | undefined;
  #released = false;

  constructor(connection: Connection, options: LockOptions) {
    this.host = connection.host;
    this.#connection = connection;
    this.#options = options;
    let resolve: (result: Result<Keeper, LockTrouble>) => void = () => undefined;
    this.taken = new Promise((settle) => (resolve = settle));
    const nonce = randomBytes(12).toString('hex');
    let last: LockWord | undefined;
    const patience = new Patience(options.limits ?? usualLimits);
    void this.taken.then(() => {
      patience.end();
    });
    const giveUp = (): void => {
      if (last?.type === 'at-work') void this.release();
    };
    options.signal.addEventListener('abort', giveUp);
    const over = connection.run(keepLockScript(options.holder, nonce), {
      deadline: longest,
      signal: patience.lost,
      onLine: (line) => {
        const word = readLockWord(line, nonce);
        patience.heard();
        if (word === undefined) return;
        last = word;
        this.#heard(word);
        if (word.type === 'locked') {
          options.signal.removeEventListener('abort', giveUp);
          this.#keepAlive();
          resolve(ok(this));
        }
      },
    });
    this.lost = over.then((ran) => {
      clearInterval(this.#beat);
      options.signal.removeEventListener('abort', giveUp);
      const said = ran.ok ? ran.value.stderr : ran.error.detail;
      const trouble = patience.lost.aborted ? tooLate(this.host) : this.#trouble(last, said);
      resolve(err(trouble));
      return this.#released ? undefined : trouble;
    });
  }

  async release(): Promise<void> {
    this.#released = true;
    clearInterval(this.#beat);
    await this.#connection.run(releaseScript(this.#options.holder), { deadline });
  }

  #heard(word: LockWord): void {
    if (word.type === 'broken-off') this.brokenOff.push(word.run);
    if (word.type === 'took-over')
      this.#options.listen({
        type: 'locking',
        text: `${this.host}: took over the lock of ${whose(word.holder)}, who is gone`,
      });
    if (word.type === 'at-work')
      this.#options.listen({
        type: 'locking',
        text: `waits for ${this.host}, where an earlier run that broke off is still at work`,
      });
  }

  #keepAlive(): void {
    this.#beat = setInterval(() => {
      void this.#connection.run(beatScript(this.#options.holder.run), { deadline });
    }, beatEvery * 1000);
    this.#beat.unref();
  }

  #trouble(last: LockWord | undefined, said: string): LockTrouble {
    const { host } = this;
    switch (last?.type) {
      case 'held':
        return {
          reason: 'held',
          host,
          detail: `locked by ${whose(last.holder)}`,
          hint: `Wait for it (--lock-wait SECONDS), or, if that run is gone for certain: lvsctl unlock ${host}`,
        };
      case 'locked':
      case 'lost':
        return {
          reason: 'lost',
          host,
          detail: 'the lock is not held any more',
          hint: said || 'Somebody broke it with "lvsctl unlock".',
        };
      case 'at-work':
        return {
          reason: 'aborted',
          host,
          detail: 'an earlier run that broke off is still at work there',
          hint: `Look again in a minute; "lvsctl log ${host}" tells what it did.`,
        };
      case 'refused':
      case 'took-over':
      case 'broken-off':
      case undefined:
        return { reason: 'refused', host, detail: 'the lock cannot be taken', hint: said || 'Is /run writable there?' };
    }
  }
}

function tooLate(host: string): LockTrouble {
  const detail = 'the lock was neither given nor refused in time';
  return { reason: 'refused', host, detail, hint: 'the host answers and does nothing: look at its load and its disk' };
}

/** A holder, for people. */
export function whose(holder: Holder | undefined): string {
  if (holder === undefined) return 'somebody';
  return `${holder.by} (lvsctl ${holder.command}, process ${holder.pid} there, since ${holder.since})`;
}

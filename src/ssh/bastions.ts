import pLimit, { type LimitFunction } from 'p-limit';
import { ok, type Result } from '../result.ts';
import type { Problem } from './dial.ts';
import type { Link } from './link.ts';
import type { Endpoint } from './target.ts';

/** Handshakes at once through one bastion: they all cross its one connection, and its sshd has better things to do. */
const handshakesPerBastion = 8;

/** A bastion's connection, held by one user of it. */
export interface BastionUse {
  readonly link: Link;
  /** Bounds the handshakes through it. */
  readonly limit: LimitFunction;
  /** The user is done. The last one to say so closes the connection. */
  readonly release: () => void;
}

interface Shared {
  readonly opening: Promise<Result<Link, Problem>>;
  readonly limit: LimitFunction;
  users: number;
}

/** The bastions in use: one connection each, however many hosts lie behind it. */
export class Bastions {
  readonly #shared = new Map<string, Shared>();

  /** Uses the connection to the last of `hops`, which `open` makes when there is none. */
  async acquire(
    hops: readonly Endpoint[],
    open: () => Promise<Result<Link, Problem>>,
  ): Promise<Result<BastionUse, Problem>> {
    const key = JSON.stringify(hops);
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      shared = { opening: open(), limit: pLimit(handshakesPerBastion), users: 0 };
      this.#shared.set(key, shared);
    }
    const mine = shared;
    mine.users++;
    const forget = (): void => {
      if (this.#shared.get(key) === mine) this.#shared.delete(key);
    };
    const link = await mine.opening;
    if (!link.ok) {
      forget();
      return link;
    }
    link.value.onClose(forget);
    let released = false;
    return ok({
      link: link.value,
      limit: mine.limit,
      release: () => {
        if (released) return;
        released = true;
        if (--mine.users > 0) return;
        forget();
        link.value.close();
      },
    });
  }
}

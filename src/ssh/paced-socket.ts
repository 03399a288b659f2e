import { Socket } from 'node:net';
import { turns, type Turns } from '../turns.ts';

/**
 * A TCP connection whose data is handed on when its turn comes. What it does for ssh2 takes a millisecond or more a message, and
 * hundreds of such connections have something to say at once.
 */
export class PacedSocket extends Socket {
  readonly #turns: Turns;

  constructor(by: Turns = turns) {
    super();
    this.#turns = by;
  }

  /** Takes what has arrived, null at its end, from the connection. While it waits nothing more is read, so that there is no more than this. */
  override push(chunk: Buffer | null): boolean {
    if (this.#turns.free) return super.push(chunk);
    this.#turns.wait(() => {
      if (!this.destroyed) super.push(chunk);
    });
    return false;
  }
}

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A socket whose input comes late, as if the other end were far away; its remote address is the one that was called. */
export class Late extends Duplex {
  readonly #socket: Socket;
  readonly remoteAddress: string;

  /** @param delay milliseconds by which what comes is late: the round trip is longer by that. */
  constructor(socket: Socket, delay: number) {
    super();
    this.#socket = socket;
    this.remoteAddress = socket.localAddress ?? '';
    socket.setNoDelay(true);
    const later = (chunk: Buffer | null): void => {
      setTimeout(() => {
        if (!this.destroyed) this.push(chunk);
      }, delay);
    };
    socket.on('data', later);
    socket.on('end', () => {
      later(null);
    });
    socket.on('close', () => {
      setTimeout(() => this.destroy(), delay);
    });
    socket.on('error', () => this.destroy());
  }

  override _read(): void {
    // It is pushed as it comes.
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

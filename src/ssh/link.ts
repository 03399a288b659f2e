import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { err, ok, type Result } from '../result.ts';
import { unreachable, type Problem } from './dial.ts';
import { printableLine } from './printable.ts';

/** An authenticated ssh2 connection, and why it ended. */
export class Link {
  readonly client: Client;
  readonly #closed = new Set<() => void>();
  #over = false;
  #cause: string | undefined;

  constructor(client: Client) {
    this.client = client;
    client.on('error', (error) => {
      if (error.level !== 'agent') this.#cause ??= printableLine(error.message);
    });
    client.on('close', () => {
      if (this.#over) return;
      this.#over = true;
      for (const call of this.#closed) call();
    });
  }

  /** Whether the connection has ended. */
  get over(): boolean {
    return this.#over;
  }

  /** What ssh2 said when the connection broke; undefined when it was simply closed. */
  get cause(): string | undefined {
    return this.#cause;
  }

  /** Calls back once when the connection has ended, which may be now. Gives what takes that back. */
  onClose(call: () => void): () => void {
    if (this.#over) call();
    else this.#closed.add(call);
    return () => {
      this.#closed.delete(call);
    };
  }

  /** Opens a stream to an address as the other end sees it (ProxyJump). */
  forward(address: string, port: number): Promise<Result<Duplex, Problem>> {
    return new Promise((resolve) => {
      const failed = (error: Error): void => {
        forget();
        // The bastion's word for it, as it came: `(SSH) Channel open failure: Connection refused`.
        const text = printableLine(error.message).replace(/^\(SSH\) Channel open failure: /, '');
        const problem = unreachable(address, port, new Error(text));
        resolve(
          err({
            ...problem,
            hint: 'check that the host is up, and that the bastion allows forwarding (AllowTcpForwarding)',
          }),
        );
      };
      let forget = (): void => undefined;
      forget = this.onClose(() => {
        failed(new Error('the connection to the bastion was lost'));
      });
      try {
        this.client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
          if (error) {
            failed(error);
            return;
          }
          forget();
          resolve(ok(channel));
        });
      } catch {
        failed(new Error('the connection to the bastion was lost')); // ssh2 throws when it is not connected
      }
    });
  }

  /** Says goodbye; a peer that does not answer within two seconds is left. */
  close(): void {
    if (this.#over) return;
    this.client.end();
    const timer = setTimeout(() => {
      this.client.destroy();
    }, 2000);
    timer.unref();
    this.onClose(() => {
      clearTimeout(timer);
    });
  }
}

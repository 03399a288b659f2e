import type { Run } from '../apply/run.ts';
import type { Connection } from '../ssh/connection.ts';

/** The connections to the hosts during a drill: one that broke is made again. */
export class Places {
  readonly #run: Run;
  readonly #open: Map<string, Connection>;

  constructor(run: Run) {
    this.#run = run;
    this.#open = new Map(run.connections);
  }

  /** All that are open as far as it is known. */
  get connections(): ReadonlyMap<string, Connection> {
    return this.#open;
  }

  get(host: string): Connection | undefined {
    return this.#open.get(host);
  }

  /** A connection turned out to be of no use any more. */
  drop(host: string): void {
    this.#open.get(host)?.close();
    this.#open.delete(host);
  }

  /** Logs in anew; undefined: the host does not answer yet. */
  async renew(host: string): Promise<Connection | undefined> {
    const fresh = await this.#run.reconnect(host);
    if (!fresh.ok) return undefined;
    this.drop(host);
    this.#open.set(host, fresh.value);
    return fresh.value;
  }

  /** The open connection if it answers within some seconds, else a new one; undefined: the host does not answer yet. */
  async fresh(host: string): Promise<Connection | undefined> {
    const open = this.#open.get(host);
    if (open) {
      const answer = await open.run(':', { deadline: 5 });
      if (answer.ok) return open;
      this.drop(host);
    }
    return this.renew(host);
  }
}

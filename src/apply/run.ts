import type { Listener } from '../events.ts';
import type { Result } from '../result.ts';
import type { Connection, ConnectFailure } from '../ssh/connection.ts';
import type { Holder } from './lock.ts';
import type { RollingGiven } from './rolling/given.ts';

/** What it takes to change hosts. */
export interface Run {
  readonly holder: Holder;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly listen: Listener;
  /** Nothing more is begun once it fires. */
  readonly signal: AbortSignal;
  /** Logs in to a host anew. The caller closes the connection. */
  readonly reconnect: (host: string) => Promise<Result<Connection, ConnectFailure>>;
  /** What it takes to roll changes out while traffic goes on; undefined: each batch is just changed. */
  readonly rolling?: RollingGiven | undefined;
  /** Waits between two attempts. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

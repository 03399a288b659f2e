import pLimit from 'p-limit';
import { err, type Result } from '../result.ts';
import { turns } from '../turns.ts';
import type { ConnectFailure, Connection, ConnectStep } from './connection.ts';

/** Connects under way at once, unless said otherwise. Hosts have an sshd each; a shared bastion has a lower bound of its own. */
const defaultConcurrency = 64;

/** How many hosts are connected, and who hears of it. */
export interface FleetOptions<H> {
  /** Connects under way at once, 1 or more; 64 unless set. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** Called for each host as soon as it is connected or failed. */
  readonly onResult?: (host: H, result: Result<Connection, ConnectFailure>) => void;
  /** Called for each host as it comes to a step of connecting. */
  readonly onStep?: (host: H, step: ConnectStep) => void;
}

/** Connects many hosts, a bounded number at once. The results are in the order of the hosts, under their names. */
export async function connectFleet<H extends { readonly name: string }>(
  hosts: readonly H[],
  connectOne: (host: H, onStep: (step: ConnectStep) => void) => Promise<Result<Connection, ConnectFailure>>,
  options: FleetOptions<H> = {},
): Promise<Map<string, Result<Connection, ConnectFailure>>> {
  const limit = pLimit(options.concurrency ?? defaultConcurrency);
  const results = await Promise.all(
    hosts.map((host) =>
      limit(async () => {
        await turns.take();
        const onStep = (step: ConnectStep): void => options.onStep?.(host, step);
        const result = options.signal?.aborted === true ? err(notStarted(host.name)) : await connectOne(host, onStep);
        options.onResult?.(host, result);
        return [host.name, result] as const;
      }),
    ),
  );
  return new Map(results);
}

function notStarted(host: string): ConnectFailure {
  return { reason: 'aborted', host, detail: 'connecting was stopped before it began', hint: 'run it again' };
}

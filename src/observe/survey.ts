import type { Listener } from '../events.ts';
import type { Connection, ConnectFailure, ConnectStep } from '../ssh/connection.ts';
import type { Result } from '../result.ts';
import type { DesiredHost } from '../roles/index.ts';
import { preflight, type PreflightProblem } from '../plan/preflight.ts';
import { inTurns } from '../turns.ts';
import type { Section } from './frame.ts';
import { observe, type Observation, type ObserveFailure } from './observe.ts';

/**
 * Hosts whose wishes need not be made yet: that is done while the hosts do their part of the handshake, and at the latest when one is
 * connected.
 */
export interface Wishing {
  readonly hosts: readonly DesiredHost['host'][];
  /** Asked more than once of a host, and gives the same each time. What it throws, the survey throws. */
  readonly wish: (host: DesiredHost['host']) => DesiredHost;
}

/** How a set of hosts was found. */
export interface Survey {
  readonly connections: ReadonlyMap<string, Connection>;
  /** In the order of the wishes. */
  readonly observations: ReadonlyMap<string, Observation>;
  /** Hosts that could not be reached or logged in to. */
  readonly unreachable: readonly ConnectFailure[];
  /** Hosts that could be logged in to and not be read. */
  readonly unreadable: readonly ObserveFailure[];
  readonly problems: readonly PreflightProblem[];
}

/** Connects to hosts; injected, so that this is tested without a network. */
export type Connect = (
  hosts: readonly DesiredHost['host'][],
  onResult: (host: string, result: Result<Connection, ConnectFailure>) => void,
  onStep?: (host: string, step: ConnectStep) => void,
) => Promise<unknown>;

/** See {@link survey}. */
export interface SurveyOptions {
  /** Sections that travel along with what a host is asked. */
  readonly extra?: (host: string) => readonly Section[];
  readonly signal?: AbortSignal;
  /** Done when every host is connected, before any is observed; false: they are not to be observed. */
  readonly before?: (connections: ReadonlyMap<string, Connection>) => Promise<boolean>;
  /**
   * Takes each connection once its host was observed, where nothing more is done there: it is not among `connections`. A thousand
   * that are kept open to no purpose cost memory, here and on the hosts.
   */
  readonly release?: (connection: Connection) => void;
}

/**
 * Connects to every host and observes it as soon as it is there, or as soon as all are if there is something to do before.
 * `desired` is what was wished of them.
 */
export async function survey(
  wishes: readonly DesiredHost[] | Wishing,
  connect: Connect,
  listen: Listener,
  { extra = () => [], signal, before, release }: SurveyOptions = {},
): Promise<Survey & { readonly desired: readonly DesiredHost[] }> {
  const connections = new Map<string, Connection>();
  const observations = new Map<string, Observation>();
  const unreachable: ConnectFailure[] = [];
  const unreadable: ObserveFailure[] = [];
  const problems: PreflightProblem[] = [];
  const { hosts, wish } = 'wish' in wishes ? wishes : made(wishes);
  const byName = new Map(hosts.map((host) => [host.name, host]));
  let begun = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const making = first.then(() => inTurns(hosts, wish));
  const wishOf = (name: string): DesiredHost | undefined => {
    const host = byName.get(name);
    try {
      return host && wish(host);
    } catch {
      // It ends the survey when `making` comes to this host.
      return undefined;
    }
  };
  const observing: Promise<void>[] = [];
  const look = async (connection: Connection, name: string): Promise<void> => {
    const one = wishOf(name);
    if (!one) return;
    const observation = await observe(connection, one, extra(name), signal, (type) => {
      listen({ type, host: name });
    });
    release?.(connection);
    if (!observation.ok) {
      unreadable.push(observation.error);
      listen({ type: 'observe-failed', failure: observation.error });
      return;
    }
    observations.set(name, observation.value);
    problems.push(...preflight(one, observation.value));
    listen({ type: 'observed', host: name });
  };
  listen({ type: 'connecting', hosts: [...byName.keys()] });
  const connecting = connect(
    hosts,
    (name, result) => {
      begun();
      if (!byName.has(name)) return;
      if (!result.ok) {
        unreachable.push(result.error);
        listen({ type: 'connect-failed', failure: result.error });
        return;
      }
      if (!release) connections.set(name, result.value);
      listen({ type: 'connected', host: name });
      if (!before) observing.push(look(result.value, name));
    },
    (host, step) => {
      if (step !== 'tcp') begun();
      listen({ type: 'connect-step', host, step });
    },
  );
  const [desired] = await Promise.all([making, connecting.then(begun)]);
  if (unreachable.length === 0 && (await before?.(connections)) === true)
    observing.push(...[...connections].map(([name, connection]) => look(connection, name)));
  await Promise.all(observing);
  return { desired, connections, observations: inOrder(desired, observations), unreachable, unreadable, problems };
}

/** Hosts whose wishes are made. */
function made(desired: readonly DesiredHost[]): Wishing {
  const wishes = new Map(desired.map((one) => [one.host, one]));
  return {
    hosts: [...wishes.keys()],
    wish(host) {
      const one = wishes.get(host);
      if (!one) throw new Error(`nothing is wished of ${host.name}`);
      return one;
    },
  };
}

/** Observations in the order of the wishes; hosts answer in any order. */
export function inOrder(
  desired: readonly DesiredHost[],
  observations: ReadonlyMap<string, Observation>,
): Map<string, Observation> {
  return new Map(
    desired.flatMap(({ host }) => {
      const observation = observations.get(host.name);
      return observation ? [[host.name, observation] as const] : [];
    }),
  );
}

import type { Listener } from '../events.ts';
import type { Connection, ConnectFailure, ConnectStep } from '../ssh/connection.ts';
import type { Result } from '../result.ts';
import type { DesiredHost } from '../roles/index.ts';
import { preflight, type PreflightProblem } from '../plan/preflight.ts';
import type { Section } from './frame.ts';
import { observe, type Observation, type ObserveFailure } from './observe.ts';

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

/** Connects to every host and observes it as soon as it is there, or as soon as all are if there is something to do before. */
export async function survey(
  desired: readonly DesiredHost[],
  connect: Connect,
  listen: Listener,
  { extra = () => [], signal, before, release }: SurveyOptions = {},
): Promise<Survey> {
  const connections = new Map<string, Connection>();
  const observations = new Map<string, Observation>();
  const unreachable: ConnectFailure[] = [];
  const unreadable: ObserveFailure[] = [];
  const problems: PreflightProblem[] = [];
  const wishes = new Map(desired.map((one) => [one.host.name, one]));
  const observing: Promise<void>[] = [];
  const look = async (connection: Connection, one: DesiredHost): Promise<void> => {
    const observation = await observe(connection, one, extra(one.host.name), signal, (type) => {
      listen({ type, host: one.host.name });
    });
    release?.(connection);
    if (!observation.ok) {
      unreadable.push(observation.error);
      listen({ type: 'observe-failed', failure: observation.error });
      return;
    }
    observations.set(one.host.name, observation.value);
    problems.push(...preflight(one, observation.value));
    listen({ type: 'observed', host: one.host.name });
  };
  const lookAt = (connection: Connection | undefined, one: DesiredHost): Promise<void>[] =>
    connection ? [look(connection, one)] : [];
  listen({ type: 'connecting', hosts: [...wishes.keys()] });
  await connect(
    desired.map(({ host }) => host),
    (name, result) => {
      const one = wishes.get(name);
      if (!one) return;
      if (!result.ok) {
        unreachable.push(result.error);
        listen({ type: 'connect-failed', failure: result.error });
        return;
      }
      if (!release) connections.set(name, result.value);
      listen({ type: 'connected', host: name });
      if (!before) observing.push(look(result.value, one));
    },
    (host, step) => {
      listen({ type: 'connect-step', host, step });
    },
  );
  if (unreachable.length === 0 && (await before?.(connections)) === true)
    observing.push(...desired.flatMap((one) => lookAt(connections.get(one.host.name), one)));
  await Promise.all(observing);
  return { connections, observations: inOrder(desired, observations), unreachable, unreadable, problems };
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

import type { Cluster, Host } from '../inventory/cluster.ts';
import type { Connect, Survey, Wishing } from '../observe/survey.ts';
import { platforms } from '../platform/index.ts';
import { troubleText } from '../report/failures.ts';
import { desiredHost, type DesiredHost } from '../roles/index.ts';
import type { Result } from '../result.ts';
import type { Connection, ConnectFailure } from '../ssh/connection.ts';
import { createRender } from '../templates/render.ts';
import { inTurns } from '../turns.ts';
import { exit, onInterrupt, openAsker, openProgress, Output, type GlobalFlags, type Terminal } from './context.ts';
import { canReport } from './report-file.ts';
import type { ProgressView } from '../ui/progress.ts';
import { withCluster, type Loaded } from './with-cluster.ts';

/** What a command that deals with hosts has at hand. */
export interface House extends Loaded {
  readonly terminal: Terminal;
  readonly flags: GlobalFlags;
  readonly progress: ProgressView;
  readonly connect: Connect;
  /** Closes a connection that nothing more is done over; all others are closed at the end. */
  readonly release: (connection: Connection) => void;
  /** Logs in to a host anew, also after an interruption: what has begun comes to its end. The caller closes the connection. */
  readonly reconnect: (host: string) => Promise<Result<Connection, ConnectFailure>>;
  /** Fires at the first SIGINT or SIGTERM: what has begun comes to its end. At the second one the connections are cut. */
  readonly stop: AbortSignal;
  /** When the command began. */
  readonly began: Date;
}

/** Opens what is needed to reach the hosts of the inventory, and closes every connection at the end. */
export async function withHosts(
  terminal: Terminal,
  flags: GlobalFlags,
  command: (house: House) => Promise<number>,
): Promise<number> {
  const began = new Date();
  if (!(await canReport(flags, new Output(terminal, flags)))) return exit.usage;
  return withCluster(terminal, flags, async (loaded) => {
    const progress = await openProgress(terminal, flags);
    const asker = await openAsker(terminal, progress);
    const { openContext, connectHost, connectHosts } = await import('../ssh/session.ts');
    const context = openContext({ asker, acceptNew: flags.acceptNew, env: terminal.env });
    for (const problem of context.config.problems)
      loaded.out.error(`${loaded.out.errorStyle('warn', 'ssh:')} ${problem}`);
    const open = new Set<Connection>();
    const release = (connection: Connection): void => {
      open.delete(connection);
      connection.close();
    };
    const stop = new AbortController();
    const cut = new AbortController();
    const left = new AbortController();
    const stopListening = onInterrupt(
      () => {
        stop.abort();
        progress.listen({ type: 'interrupted' });
      },
      () => {
        cut.abort();
        for (const connection of open) connection.close();
      },
    );
    const connect: Connect = (hosts, onResult, onStep) =>
      connectHosts(hosts, context, {
        signal: AbortSignal.any([stop.signal, left.signal]),
        onResult({ name }, result) {
          if (left.signal.aborted) {
            if (result.ok) result.value.close();
            return;
          }
          if (result.ok) open.add(result.value);
          onResult(name, result);
        },
        onStep({ name }, step) {
          onStep?.(name, step);
        },
      });
    const reconnect: House['reconnect'] = async (name) => {
      const host = loaded.cluster.hosts.find((one) => one.name === name);
      if (!host) throw new Error(`there is no host ${name}`);
      const fresh = await connectHost(host, context, cut.signal);
      if (fresh.ok) open.add(fresh.value);
      return fresh;
    };
    try {
      return await command({
        terminal,
        flags,
        progress,
        connect,
        release,
        reconnect,
        stop: stop.signal,
        began,
        ...loaded,
      });
    } finally {
      stopListening();
      left.abort();
      for (const connection of open) connection.close();
      await progress.close();
    }
  });
}

/** What has to be true of each host. Throws TemplateError. */
export function desiredHosts(cluster: Cluster, hosts: readonly Host[]): DesiredHost[] {
  return hosts.map(wishing(cluster, hosts).wish);
}

/** The same of many hosts, between which timers and connections have their turn. Throws TemplateError. */
export function desiredInTurns(cluster: Cluster, hosts: readonly Host[]): Promise<DesiredHost[]> {
  return inTurns(hosts, wishing(cluster, hosts).wish);
}

/** The same, each made when it is asked for first. */
export function wishing(cluster: Cluster, hosts: readonly Host[]): Wishing {
  const render = createRender(cluster.templates);
  const made = new Map<Host, DesiredHost>();
  return {
    hosts,
    wish(host) {
      const one = made.get(host) ?? desiredHost(cluster, host, platforms[host.platform], render);
      made.set(host, one);
      return one;
    },
  };
}

/** Says which hosts cannot be dealt with and why; the exit code that follows, or undefined when all is well. */
export function reportTroubles(found: Survey, out: Output): number | undefined {
  const troubles = [...found.unreachable, ...found.unreadable, ...found.problems];
  for (const trouble of troubles) for (const line of troubleText(trouble, out.errorStyle)) out.error(line);
  if (found.unreachable.length > 0) return exit.unreachable;
  return troubles.length > 0 ? exit.failed : undefined;
}

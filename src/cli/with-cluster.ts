import type { Cluster, Host } from '../inventory/cluster.ts';
import { loadCluster } from '../inventory/load.ts';
import { selectHosts } from '../inventory/pattern.ts';
import { formatProblem } from '../inventory/problem.ts';
import { ok } from '../result.ts';
import { TemplateError } from '../templates/failure.ts';
import { exit, Output, type GlobalFlags, type Terminal } from './context.ts';

/** What a command that deals with an inventory has at hand. */
export interface Loaded {
  readonly out: Output;
  readonly cluster: Cluster;
  /** The hosts that `--limit` leaves, all without it. */
  readonly hosts: readonly Host[];
}

/**
 * Reads the inventory and picks the hosts, or says what is wrong: exit code 1 for the inventory or a template, 64 for a
 * `--limit` that matches nothing.
 */
export async function withCluster(
  terminal: Terminal,
  flags: GlobalFlags,
  command: (loaded: Loaded) => Promise<number> | number,
  load: typeof loadCluster = loadCluster,
): Promise<number> {
  const out = new Output(terminal, flags);
  const loaded = await load(flags.inventory, terminal.env);
  if (!loaded.ok) {
    if (flags.json) out.json({ ok: false, problems: loaded.error });
    for (const problem of loaded.error) out.error(formatProblem(problem));
    return exit.failed;
  }
  const cluster = loaded.value;
  const chosen = flags.limit === undefined ? ok(cluster.hosts) : selectHosts(cluster, flags.limit);
  if (!chosen.ok) {
    out.error(`--limit ${flags.limit ?? ''}: ${chosen.error}`);
    return exit.usage;
  }
  try {
    return await command({ cluster, hosts: chosen.value, out });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { template, line, message } = error.failure;
    out.error(`${template}${line > 0 ? `:${line}` : ''}: ${message}`);
    return exit.failed;
  }
}

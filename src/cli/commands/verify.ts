import type { Cluster } from '../../inventory/cluster.ts';
import { findingsDocument, findingsText } from '../../report/findings.ts';
import { runLocal } from '../../verify/local.ts';
import { verify as verifyCluster, type VerifyInput, type VerifyReport } from '../../verify/verify.ts';
import { pickChecks } from '../../verify/pick.ts';
import { exit, Output, type GlobalFlags, type Terminal } from '../context.ts';
import { heedDrained } from '../heed.ts';
import { desiredHosts, withHosts } from '../house.ts';
import { giveReports } from '../report-file.ts';
import { watchCluster } from '../watch.ts';

/** What `verify` takes besides the flags of every command. */
export interface VerifyFlags extends GlobalFlags {
  /** Names of checks, or lists of them with commas. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  readonly strict: boolean;
  /** Seconds within which all may still come right. */
  readonly wait: number;
  readonly watch: boolean;
  /** Seconds between two looks with `watch`. */
  readonly interval: number;
}

/** `lvsctl verify`: the proof that the cluster works. */
export function verify(terminal: Terminal, flags: VerifyFlags): Promise<number> | number {
  const picked = pickChecks(names(flags.only), names(flags.skip));
  if (!picked.ok) {
    new Output(terminal, flags).error(picked.error);
    return exit.usage;
  }
  if (flags.watch && flags.wait > 0) {
    new Output(terminal, flags).error(
      '--wait does not go with --watch: that looks again by itself, and shows every look',
    );
    return exit.usage;
  }
  return withHosts(terminal, flags, async (house) => {
    const { cluster, hosts, out, progress, connect, stop } = house;
    const input = {
      cluster,
      desired: desiredHosts(cluster, hosts),
      signal: stop,
      patience: flags.wait,
      strict: flags.strict,
      ...picked.value,
    };
    if (flags.watch) return watchCluster(house, flags, input);
    const report = await proveCluster({ ...input, connect, listen: progress.listen });
    await progress.close();
    if (flags.json) out.json(findingsDocument(report));
    else for (const line of findingsText(report, out.style, { verbose: flags.verbose })) out.line(line);
    await giveReports(house, 'verify', { verification: report });
    if (report.interrupted) return exit.interrupted;
    if (report.ok) return exit.ok;
    const lost = report.findings.some(({ check, status }) => check === 'reachable' && status === 'failed');
    return lost ? exit.unreachable : exit.failed;
  });
}

function names(lists: readonly string[] | undefined): string[] | undefined {
  return lists?.flatMap((list) => list.split(',')).filter((name) => name !== '');
}

/** Verifies with the checks and the shell of this machine. */
export function proveCluster(input: Omit<VerifyInput, 'runLocal' | 'heed'>): Promise<VerifyReport> {
  return verifyCluster({ ...input, runLocal, heed: heedDrained });
}

/**
 * Seconds within which a cluster that was just changed has to come right: keepalived adds real servers after their first
 * check, and takes over a higher priority after three adverts.
 */
export function settlingTime({ services, vrrp }: Cluster): number {
  const checks = services
    .flatMap((service) => service.checks)
    .map((check) => 2 * check.interval + check.retries * check.retryDelay + check.timeout);
  const adverts = vrrp.map(({ advertInterval }) => 4 * advertInterval + 1);
  return Math.max(15, ...checks, ...adverts);
}

import type { Cluster } from '../../inventory/cluster.ts';
import { findingsDocument, findingsText } from '../../report/findings.ts';
import { runLocal } from '../../verify/local.ts';
import { verify as verifyCluster, type VerifyInput, type VerifyReport } from '../../verify/verify.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { heedDrained } from '../heed.ts';
import { desiredHosts, withHosts } from '../house.ts';

/** `lvsctl verify`: the proof that the cluster works. */
export function verify(terminal: Terminal, flags: GlobalFlags): Promise<number> {
  return withHosts(terminal, flags, async ({ cluster, hosts, out, progress, connect, stop }) => {
    const desired = desiredHosts(cluster, hosts);
    const report = await proveCluster({
      cluster,
      desired,
      connect,
      listen: progress.listen,
      signal: stop,
      patience: 0,
    });
    await progress.close();
    if (flags.json) out.json(findingsDocument(report));
    else for (const line of findingsText(report, out.style, { verbose: flags.verbose })) out.line(line);
    if (report.interrupted) return exit.interrupted;
    if (report.ok) return exit.ok;
    const lost = report.findings.some(({ check, status }) => check === 'reachable' && status === 'failed');
    return lost ? exit.unreachable : exit.failed;
  });
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

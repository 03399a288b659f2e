import type { Cluster } from '../inventory/cluster.ts';
import type { Survey } from '../observe/survey.ts';
import type { RunFailure } from '../ssh/connection.ts';
import { printableLine } from '../ssh/printable.ts';
import { quote } from '../ssh/quote.ts';
import { operator, type Finding } from './check.ts';

/**
 * Findings about hosts that could not be asked, or not to the end: one a host, in the place of all that the checks cannot say
 * about it.
 */
export function unreached(cluster: Cluster, seen: Survey, lost: readonly RunFailure[]): Finding[] {
  const failures = [...seen.unreachable, ...seen.unreadable, ...lost].filter(({ reason }) => reason !== 'aborted');
  const first = new Map(failures.toReversed().map((failure) => [failure.host, failure]));
  return [
    ...[...first.values()]
      .toReversed()
      .map(({ host, detail, hint }) => finding(cluster, host, 'can be asked', detail, hint)),
    ...seen.problems.map(({ host, detail, hint }) => finding(cluster, host, 'is fit for its roles', detail, hint)),
  ];
}

function finding(cluster: Cluster, host: string, what: string, detail: string, hint: string): Finding {
  return {
    check: 'reachable',
    where: host,
    status: 'failed',
    title: `${host} ${what}`,
    expected: 'a login as root and an answer',
    seen: [detail, hint]
      .map((text) => printableLine(text))
      .filter(Boolean)
      .join('; '),
    look: look(cluster, host),
  };
}

function look(cluster: Cluster, name: string): string {
  const host = cluster.hosts.find((one) => one.name === name);
  if (name === operator || !host) return 'sh -c true';
  const { ssh, addresses } = host;
  const target = ssh.host ?? addresses[0]?.address ?? name;
  return [
    'ssh',
    ...(ssh.port === undefined ? [] : ['-p', ssh.port]),
    quote(ssh.user === undefined ? target : `${ssh.user}@${target}`),
    'true',
  ].join(' ');
}

import type { Cluster } from '../inventory/cluster.ts';
import type { PreflightProblem } from '../plan/preflight.ts';
import type { Survey } from '../observe/survey.ts';
import type { RunFailure } from '../ssh/connection.ts';
import { printableLine } from '../ssh/printable.ts';
import { quote } from '../ssh/quote.ts';
import { operator, type Finding, type Manual } from './check.ts';

/** What {@link unreached} finds, for people: these are no checks, they come before all of them. */
export const reachableManuals: readonly Manual[] = [
  {
    name: 'reachable',
    severity: 'critical',
    proves: 'every host can be logged in to and read',
    why: 'Of a host that cannot be asked nothing is known, and the checks say nothing about it.',
    runs: 'the machine that lvsctl runs on: ssh to every host',
    reads: 'why the login or the answer failed',
    mend: 'try the `ssh` under `look`; `lvsctl verify --limit` goes on without the host',
  },
  {
    name: 'preflight',
    severity: 'critical',
    proves: 'the host is fit for its roles; said only when it is not',
    why: "Without root, on an unknown system or with other addresses than the inventory's, nothing can be done on it.",
    runs: 'every host: /proc/self/status, /etc/os-release and `ip -o addr show`',
    reads: 'what is missing',
    mend: 'correct the host, or its entry in the inventory',
  },
];

/**
 * Findings about hosts that could not be asked, or not to the end: one a host, in the place of all that the checks cannot say
 * about it.
 */
export function unreached(cluster: Cluster, seen: Survey, lost: readonly RunFailure[]): Finding[] {
  const failures = [...seen.unreachable, ...seen.unreadable, ...lost].filter(({ reason }) => reason !== 'aborted');
  const first = new Map<string, PreflightProblem>();
  for (const failure of failures) if (!first.has(failure.host)) first.set(failure.host, failure);
  const unasked = [...first.values()].map((failure) =>
    finding(cluster, failure, {
      check: 'reachable',
      title: `${failure.host} can be asked`,
      expected: 'a login and an answer',
    }),
  );
  const unfit = seen.problems.map((problem) =>
    finding(cluster, problem, {
      check: 'preflight',
      title: `${problem.host} is fit for its roles`,
      expected: 'root, a known system, and its addresses',
    }),
  );
  return [...unasked, ...unfit];
}

function finding(
  cluster: Cluster,
  { host, detail, hint }: PreflightProblem,
  more: Pick<Finding, 'check' | 'title' | 'expected'>,
): Finding {
  const seen = [detail, hint].map((text) => printableLine(text)).filter(Boolean);
  return { ...more, where: host, status: 'failed', seen: seen.join('; '), look: look(cluster, host) };
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

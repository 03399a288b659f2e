import type { HaproxyListener } from '../../inventory/cluster.ts';
import { endName } from '../../ipvs/table.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Evidence, Finding } from '../check.ts';
import { byHand, series, type Destination } from '../client.ts';
import { countByServer, readSeries, replyText, type Reply } from '../replies.ts';
import { connectionsUntilSure, judged, listed } from '../scope.ts';

/** Clients outside get an answer to each request from HAProxy's VIPs, and by them all every server is reached. */
export const haproxyRequests: Check = {
  name: 'haproxy-requests',
  severity: 'critical',
  proves: 'every request to a listener is answered, and every server answers some',
  why: 'HAProxy may be sound and its servers too, and a firewall before the VIP, or a wrong Host, leaves clients with nothing.',
  runs: 'each vantage point: requests to every listener by `curl` or `bash`',
  reads: 'how many were answered, and by whom',
  mend: 'see `haproxy-backends` on the holder; then the log of HAProxy',

  section(round, where, { cluster, nonce }) {
    const asked = listeners(cluster, where);
    if (round !== 'during' || asked.length === 0) return undefined;
    return { sh: series(asked.map(destinationOf), cluster.verify.requests, nonce) };
  },

  judge: (evidence) =>
    evidence.cluster.verify.from.flatMap((where) => {
      const answer = evidence.answer('during', where, 'haproxy-requests');
      if (!answer) return [];
      const replies = readSeries(answer.output, evidence.nonce);
      return listeners(evidence.cluster, where).map((listener, index) =>
        judgeSeries(evidence, where, listener, replies[index] ?? []),
      );
    }),
};

/** What a vantage point asks: a host that HAProxy runs on sees it from inside. */
function listeners({ haproxy, verify }: Evidence['cluster'], where: string): readonly HaproxyListener[] {
  if (haproxy === undefined || !verify.from.includes(where) || haproxy.hosts.includes(where)) return [];
  return haproxy.listeners;
}

function destinationOf({ vip, port, mode, check, tls }: HaproxyListener): Destination {
  if (mode === 'tcp') return { address: vip, port, asking: { by: 'connection' } };
  const scheme = tls === undefined ? 'http' : 'https';
  return {
    address: vip,
    port,
    asking: { by: 'page', scheme, path: check?.http?.path ?? '/', host: check?.http?.host },
  };
}

function judgeSeries(
  { cluster }: Evidence,
  where: string,
  listener: HaproxyListener,
  replies: readonly Reply[],
): Finding {
  const good = replies.filter((reply) => isGood(listener, reply));
  const bad = replies.filter((reply) => !good.includes(reply));
  const counts = countByServer(good);
  const missed = missedServers(listener, counts, good.length);
  const impossible = replies.length > 0 && replies.every(({ exit }) => exit === 127);
  const { requests } = cluster.verify;
  return {
    check: 'haproxy-requests',
    where,
    status: impossible ? 'unknown' : judged(good.length >= requests && bad.length === 0 && missed.length === 0),
    title: `${listener.name} answers on ${endName({ address: listener.vip, port: listener.port })}`,
    expected: `${requests} answers`,
    seen: [
      `${good.length} of ${requests}`,
      ...[...counts].map(([server, count]) => `${count} by ${printableLine(server)}`),
      ...(missed.length > 0 ? [`none by ${listed(missed)}`] : []),
      ...[...new Set(bad.map(replyText))].slice(0, 3),
    ].join('; '),
    look: byHand(destinationOf(listener)),
  };
}

/** Below 500, where the check does not say better: what HAProxy says when no server is sound is 503. */
function isGood({ mode, check }: HaproxyListener, { exit, status }: Reply): boolean {
  if (exit !== 0 || mode === 'tcp') return exit === 0;
  if (status === undefined) return false;
  const { first, last } = check?.http?.status ?? { first: 100, last: 499 };
  return status >= first && status <= last;
}

/** The servers that got nothing beyond chance, where requests are dealt out evenly and the answers tell who gave them. */
function missedServers(
  { servers, balance, sticky }: HaproxyListener,
  counts: ReadonlyMap<string, number>,
  requests: number,
): string[] {
  const even = ['roundrobin', 'static-rr', 'random'].includes(balance) && sticky !== 'source';
  if (!even || counts.size === 0) return [];
  const working = servers.filter(({ backup }) => !backup);
  const total = working.reduce((sum, { weight }) => sum + weight, 0);
  return working
    .filter(({ host, weight }) => !counts.has(host) && requests >= connectionsUntilSure(weight / total))
    .map(({ host }) => host);
}

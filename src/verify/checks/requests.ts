import type { Cluster, StatusRange, VirtualService } from '../../inventory/cluster.ts';
import { endName } from '../../ipvs/table.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Evidence, Finding } from '../check.ts';
import { askingOf, isSound, statusesOf, statusText } from '../asking.ts';
import { byHand, series, type Destination } from '../client.ts';
import { countByServer, readSeries, replyText, type Reply } from '../replies.ts';
import { isOutside, judgeMissed, listed, spreadOf, working } from '../scope.ts';

/** Clients outside get an answer to each request, and by them all every real server is reached. */
export const requests: Check = {
  name: 'requests',
  severity: 'critical',
  proves: 'every request from outside is answered, and every real server answers some',
  why: 'It is what the cluster is for: everything else may be right, and a firewall between the client and a real server spoils it.',
  runs: 'each vantage point: requests to every service by `curl` or `bash`',
  reads: 'how many were answered, and by whom (the header `X-Real-Server`)',
  mend: 'none: look at `vip-holder` and `arp-single`. Some: the real server that gave none drops them; see `real-server-arp` and `real-server-listens` there, and its firewall',

  section(round, where, { cluster, nonce }) {
    const services = round === 'during' ? askedFrom(cluster, where) : [];
    if (services.length === 0) return undefined;
    return { sh: series(services.map(destinationOf), cluster.verify.requests, nonce) };
  },

  judge: (evidence) =>
    evidence.cluster.verify.from.flatMap((where) => {
      const answer = evidence.answer('during', where, 'requests');
      if (!answer) return [];
      const replies = readSeries(answer.output, evidence.nonce);
      return askedFrom(evidence.cluster, where).map((service, index) =>
        judgeSeries(evidence, where, service, replies[index] ?? []),
      );
    }),
};

/** The services that a vantage point can ask as a client would. */
export function askedFrom(cluster: Cluster, where: string): VirtualService[] {
  if (!cluster.verify.from.includes(where)) return [];
  return cluster.services.filter(
    (service) =>
      askingOf(service) !== undefined && working(service).length > 0 && isOutside(cluster, where, service.vip),
  );
}

/** Where and how a service is asked. */
export function destinationOf(service: VirtualService): Destination {
  return { address: service.vip, port: service.port, asking: askingOf(service) ?? { by: 'connection' } };
}

/** Whether each answer must tell who gave it: the sites that lvsctl writes do. */
function isNamed({ sites }: Cluster, service: VirtualService): boolean {
  return working(service).every(({ host, port }) =>
    sites.some((site) => site.port === port && site.hosts.includes(host)),
  );
}

function judgeSeries(
  { cluster }: Evidence,
  where: string,
  service: VirtualService,
  replies: readonly Reply[],
): Finding {
  const destination = destinationOf(service);
  const wished = statusesOf(service);
  const good = replies.filter(({ exit, status }) => exit === 0 && (wished === undefined || isSound(wished, status)));
  const bad = replies.filter((reply) => !good.includes(reply));
  const counts = countByServer(good);
  const named = wished !== undefined && (isNamed(cluster, service) || counts.size > 0);
  const servers = working(service);
  const missed = named ? servers.filter(({ host }) => !counts.has(host)) : [];
  const strangers = [...counts.keys()].filter((name) => !servers.some(({ host }) => host === name));
  const nameless = named && good.some(({ server }) => server === undefined);
  const verdict = judgeMissed(service, missed, good.length);
  const wrong = bad.length > 0 || good.length < cluster.verify.requests || strangers.length > 0 || nameless;
  const impossible = replies.length > 0 && replies.every(({ exit }) => exit === 127);
  return {
    check: 'requests',
    where,
    status: impossible ? 'unknown' : wrong ? 'failed' : verdict.status,
    title: `${service.name} answers on ${endName({ address: service.vip, port: service.port })}`,
    expected: `${cluster.verify.requests} ${what(destination, wished)}${byWhom(service, named)}`,
    seen: [
      `${good.length} of ${cluster.verify.requests}`,
      ...[...counts].map(([server, count]) => `${count} by ${printableLine(server)}`),
      ...(missed.length > 0 && spreadOf(service) !== 'one'
        ? [`none by ${listed(missed.map(({ host }) => host))}`]
        : []),
      ...(nameless ? ['some without the header X-Real-Server'] : []),
      ...[...new Set(bad.map(replyText))].slice(0, 3),
      ...(wrong || verdict.because === '' ? [] : [verdict.because]),
    ].join('; '),
    look: byHand(destination),
  };
}

function what({ asking }: Destination, wished: readonly StatusRange[] | undefined): string {
  if (wished !== undefined) return `answers with status ${statusText(wished)}`;
  return asking.by === 'datagram' ? 'answers' : 'connections';
}

function byWhom(service: VirtualService, named: boolean): string {
  if (!named) return '';
  const names = listed(working(service).map(({ host }) => host));
  return spreadOf(service) === 'one' ? `, by any of ${names}` : `, by each of ${names}`;
}

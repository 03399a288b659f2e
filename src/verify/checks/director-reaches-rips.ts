import type { Cluster, RealServer, StatusRange, VirtualService } from '../../inventory/cluster.ts';
import { endName } from '../../ipvs/table.ts';
import type { Check, Finding } from '../check.ts';
import { askingOf, isSound, statusesOf, statusText } from '../asking.ts';
import { byHand, once, type Destination } from '../client.ts';
import { readOnce, replyText, type Reply } from '../replies.ts';
import { judged, observed, working } from '../scope.ts';

/** Every director, the backup too, gets an answer from every real server by its own address. */
export const directorReachesRips: Check = {
  name: 'director-reaches-rips',
  severity: 'critical',
  proves: 'every director, the backup too, gets an answer from every real server at its own address',
  why: 'A backup that cannot reach a real server drops it from its table, and at the failover the service is smaller or gone.',
  runs: 'each director: the request of the first health check, by `curl` or `bash`',
  reads: 'the status of the answer, or what the client complained about',
  mend: 'try the command under `look` on that director: a firewall on the real server often lets the master in only',

  section(round, where, { cluster, nonce }) {
    if (round !== 'before' || !cluster.directors.includes(where)) return undefined;
    const all = targets(cluster);
    if (all.length === 0) return undefined;
    return { sh: once(all.map(destinationOf), nonce) };
  },

  judge: (evidence) =>
    observed(evidence, evidence.cluster.directors).flatMap((where) => {
      const answer = evidence.answer('before', where, 'director-reaches-rips');
      if (!answer) return [];
      const replies = readOnce(answer.output, evidence.nonce);
      return targets(evidence.cluster).map((target, index) => judgeReply(where, target, replies.get(index)));
    }),
};

/** A real server in a service, as it is asked by its own address. */
export interface Target {
  readonly service: VirtualService;
  readonly server: RealServer;
}

/** Weight 0 may well be switched off; what a shell cannot ask is left to the health checks. */
export function targets({ services }: Cluster): Target[] {
  return services.flatMap((service) =>
    working(service)
      .filter((server) => askingOf(service, server) !== undefined)
      .map((server) => ({ service, server })),
  );
}

/** How it is asked: as the service's health check does. */
export function destinationOf({ service, server }: Target): Destination {
  const asking = askingOf(service, server) ?? { by: 'connection' };
  return { address: server.address, port: server.port, asking };
}

/** Whether it gave a director a sound answer. */
export function judgeReply(where: string, target: Target, reply: Reply | undefined): Finding {
  const { service, server } = target;
  const destination = destinationOf(target);
  const wished = statusesOf(service, server);
  const unknown = reply === undefined || reply.exit === 127;
  return {
    check: 'director-reaches-rips',
    where,
    status: unknown ? 'unknown' : judged(reply.exit === 0 && (wished === undefined || isSound(wished, reply.status))),
    title: `${server.host} answers on ${endName(server)} (${service.name})`,
    expected: expected(destination, wished),
    seen: seen(reply),
    look: byHand(destination),
  };
}

function expected({ asking }: Destination, wished: readonly StatusRange[] | undefined): string {
  if (asking.by === 'page') return `HTTP status ${statusText(wished ?? [])} for ${asking.path}`;
  return asking.by === 'datagram' ? 'an answer' : 'a connection';
}

function seen(reply: Reply | undefined): string {
  if (reply?.exit !== 0) return replyText(reply);
  return reply.status === undefined ? 'a connection' : `HTTP status ${reply.status}`;
}

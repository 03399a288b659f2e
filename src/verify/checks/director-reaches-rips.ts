import type { Cluster, RealServer, VirtualService } from '../../inventory/cluster.ts';
import { endName } from '../../ipvs/table.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Finding } from '../check.ts';
import { once, readOnce, urlHost, type Reply } from '../client.ts';
import { judged, observed, working } from '../scope.ts';

/** Every director, the backup too, gets an answer from every real server by its own address. */
export const directorReachesRips: Check = {
  name: 'director-reaches-rips',
  why: 'A backup that cannot reach a real server drops it from its table, and at the failover the service is smaller or gone.',

  section(round, where, { cluster, nonce }) {
    if (round !== 'before' || !cluster.directors.includes(where)) return undefined;
    const all = targets(cluster);
    if (all.length === 0) return undefined;
    const destinations = all.map(({ service, server }) => ({
      address: server.address,
      port: server.port,
      path: service.check.kind.type === 'http' ? service.check.kind.path : undefined,
    }));
    return { sh: once(destinations, nonce) };
  },

  judge: (evidence) =>
    observed(evidence, evidence.cluster.directors).flatMap((where) => {
      const answer = evidence.answer('before', where, 'director-reaches-rips');
      if (!answer) return [];
      const replies = readOnce(answer.output, evidence.nonce);
      return targets(evidence.cluster).map((target, index) => judgeReply(where, target, replies.get(index)));
    }),
};

interface Target {
  readonly service: VirtualService;
  readonly server: RealServer;
}

/** Weight 0 may well be switched off; a UDP port does not say whether anybody listens. */
function targets({ services }: Cluster): Target[] {
  return services
    .filter(({ protocol }) => protocol === 'TCP')
    .flatMap((service) => working(service).map((server) => ({ service, server })));
}

function judgeReply(where: string, { service, server }: Target, reply: Reply | undefined): Finding {
  const { kind } = service.check;
  const end = endName(server);
  const unknown = reply === undefined || reply.exit === 127;
  return {
    check: 'director-reaches-rips',
    where,
    status: unknown ? 'unknown' : judged(reply.exit === 0 && (kind.type === 'tcp' || reply.status === kind.status)),
    title: `${server.host} answers on ${end} (${service.name})`,
    expected: kind.type === 'tcp' ? 'a connection' : `HTTP status ${kind.status} for ${kind.path}`,
    seen: seen(reply),
    look:
      kind.type === 'tcp'
        ? `bash -c '</dev/tcp/${server.address}/${server.port}'`
        : `curl -i http://${urlHost(server.address)}:${server.port}${kind.path}`,
  };
}

function seen(reply: Reply | undefined): string {
  if (!reply) return 'it was not tried';
  if (reply.exit === 124 || reply.exit === 28) return 'no answer in time';
  if (reply.exit !== 0) return printableLine(reply.complaint) || `no answer (exit code ${reply.exit})`;
  return reply.status === undefined ? 'a connection' : `HTTP status ${reply.status}`;
}

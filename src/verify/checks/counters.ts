import type { RealServer, VirtualService } from '../../inventory/cluster.ts';
import { keyOf, shortest } from '../../ipvs/desired.ts';
import { endName, parseCounters, serviceName, type ServiceCounters } from '../../ipvs/table.ts';
import type { Check, Evidence, Finding } from '../check.ts';
import { holderOf, judged, judgeMissed, listed, working } from '../scope.ts';
import { askedFrom } from './requests.ts';

/** The connections that were sent went through the holder's IPVS table, and to each real server. */
export const counters: Check = {
  name: 'counters',
  why: 'Answers alone do not prove the load balancer: they may come from a service on the director itself, or past it.',

  section: (round, where, { cluster }) =>
    round !== 'during' &&
    cluster.directors.includes(where) &&
    cluster.verify.from.some((from) => askedFrom(cluster, from).length > 0)
      ? { sh: 'ipvsadm -Ln --stats --exact 2>&1' }
      : undefined,

  judge: (evidence) =>
    evidence.cluster.services.flatMap((service): Finding[] => {
      const holder = holderOf(evidence, service.vip);
      const asked = evidence.cluster.verify.from.some(
        (from) =>
          askedFrom(evidence.cluster, from).includes(service) &&
          evidence.answer('during', from, 'requests') !== undefined,
      );
      // Without a holder, or with two, another check fails; without requests there is nothing to count.
      return holder === undefined || !asked ? [] : [judgeService(evidence, holder, service)];
    }),
};

function judgeService(evidence: Evidence, where: string, service: VirtualService): Finding {
  const frame = {
    check: 'counters',
    where,
    title: `connections to ${service.name} go through the table to each real server`,
    expected: `counters of ${listed(working(service).map(({ host }) => host))} that rise`,
    look: 'ipvsadm -Ln --stats --exact',
  } as const;
  const before = read(evidence, 'before', where, service);
  const after = read(evidence, 'after', where, service);
  if (!before || !after) return { ...frame, status: 'unknown', seen: 'the counters could not be read' };
  const rises = working(service).map((server) => ({ server, rise: rise(server, before, after) }));
  const total = after.connections - before.connections;
  if (total < 0 || rises.some((one) => one.rise < 0)) {
    return { ...frame, status: 'unknown', seen: 'the table was made anew in the meantime' };
  }
  const missed = rises.filter((one) => one.rise === 0).map(({ server }) => server);
  const verdict = judgeMissed(service, missed, total);
  const seen = rises.map((one) => `${one.server.host} +${one.rise}`).join(', ');
  return {
    ...frame,
    status: total === 0 ? judged(false) : verdict.status,
    seen: verdict.because === '' ? seen : `${seen}; ${verdict.because}`,
  };
}

function read(
  evidence: Evidence,
  round: 'before' | 'after',
  where: string,
  service: VirtualService,
): ServiceCounters | undefined {
  const table = parseCounters(evidence.answer(round, where, 'counters')?.output ?? '');
  const name = serviceName(keyOf(service));
  return table.ok ? table.value.find(({ key }) => serviceName(key) === name) : undefined;
}

/** How many connections a real server got; one that is not in the table got none. */
function rise({ address, port }: RealServer, before: ServiceCounters, after: ServiceCounters): number {
  const name = endName({ address: shortest(address), port });
  const count = (table: ServiceCounters): number =>
    table.servers.find((server) => endName(server) === name)?.connections ?? 0;
  return count(after) - count(before);
}

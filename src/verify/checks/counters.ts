import type { RealServer, VirtualService } from '../../inventory/cluster.ts';
import { endOf, keyOf } from '../../ipvs/desired.ts';
import { endName, parseCounters, serviceName, type ServiceCounters } from '../../ipvs/table.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check, CheckContext, Evidence, Finding } from '../check.ts';
import { holderOf, judgeMissed, listed, spreadOf, working } from '../scope.ts';
import { oddShares } from '../shares.ts';
import { askedFrom } from './requests.ts';

const command = 'ipvsadm -Ln --stats --exact 2>&1';

/** The connections that were sent went through the holder's IPVS table, and to each real server. */
export const counters: Check = {
  name: 'counters',
  needs: ['requests'],
  severity: 'critical',
  proves: "the connections went through the holder's IPVS table to each real server",
  why: 'Answers alone do not prove the load balancer: they may come from a service on the director itself, or past it.',
  runs: 'the director that holds the VIP: `ipvsadm -Ln --stats --exact`, before and after the requests',
  reads: 'the rise of each real server, and whether its share is one that its weight explains',
  mend: 'no rise at all: something on the director itself answers, or the requests go past it. One without: see `requests`',

  section(round, where, context) {
    const { cluster } = context;
    const isAsked = cluster.verify.from.some((from) => askedFrom(cluster, from).length > 0);
    if (round === 'during' || !cluster.directors.includes(where) || !isAsked) return undefined;
    return { sh: round === 'before' ? command : awaitRise(where, context) };
  },

  judge: (evidence) =>
    evidence.cluster.services.flatMap((service): Finding[] => {
      const holder = holderOf(evidence, service.vip);
      // Without a holder, or with two, another check fails; without requests there is nothing to count.
      return holder === undefined || !wasAsked(evidence, service) ? [] : [judgeService(evidence, holder, service)];
    }),
};

/**
 * Prints the counters once they have risen, after three seconds at the latest: the kernel adds up what its processors have
 * counted only every two seconds (net/netfilter/ipvs/ip_vs_est.c).
 */
function awaitRise(where: string, context: CheckContext): string {
  const cases = context.cluster.services.flatMap((service) => {
    const before =
      holderOf(context, service.vip) === where && wasAsked(context, service) && read(context, 'before', where, service);
    if (!before) return [];
    const key = keyOf(service);
    const name = key.protocol === 'FWM' ? `FWM ${key.mark}` : `${key.protocol} ${endName(key)}`;
    if (spreadOf(service) === 'one') return [risen(name, before.connections)];
    return working(service).map((server) =>
      risen(`${name} ${rip(service, server)}`, connectionsTo(service, server, before)),
    );
  });
  if (cases.length === 0) return command;
  return `risen() {
  while read -r first second rest; do
    case "$first" in
      TCP|UDP|SCTP|FWM) service="$first $second"; name=$service; rest=\${rest#IPv6 } ;;
      '->') name="$service $second" ;;
      *) continue ;;
    esac
    case "$name" in
${cases.join('\n')}
    esac
  done <<end
$table
end
}
tries=0
while table=$(${command}); [ $tries -lt 6 ] && ! risen; do
  tries=$((tries + 1))
  sleep 0.5
done
printf '%s\n' "$table"`;
}

function risen(name: string, before: number): string {
  return `      ${quote(name)}) [ "\${rest%% *}" -gt ${before} ] || return 1 ;;`;
}

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
  const rises = working(service).map((server) => ({
    server,
    rise: connectionsTo(service, server, after) - connectionsTo(service, server, before),
  }));
  const total = after.connections - before.connections;
  if (total < 0 || rises.some((one) => one.rise < 0)) {
    return { ...frame, status: 'unknown', seen: 'the table was made anew in the meantime' };
  }
  const seen = rises.map((one) => `${one.server.host} +${one.rise}`).join(', ');
  if (total === 0) return { ...frame, status: 'failed', seen };
  // The kernel adds up each counter at a moment of its own: where they do not fit together yet, shares say nothing.
  const counted = rises.reduce((sum, { rise }) => sum + rise, 0) === total && total >= sentTo(evidence, service);
  const shares = rises.map(({ server, rise }) => ({ server, connections: rise }));
  const odd = counted ? oddShares(service, shares) : [];
  if (odd.length > 0) {
    const parts = odd.map(({ server, expected }) => `${Math.round(expected)} to ${server.host}`);
    return { ...frame, status: 'failed', seen: `${seen}; by the weights about ${listed(parts)}` };
  }
  const missed = rises.filter((one) => one.rise === 0).map(({ server }) => server);
  const verdict = judgeMissed(service, missed, total);
  return { ...frame, status: verdict.status, seen: verdict.because === '' ? seen : `${seen}; ${verdict.because}` };
}

function read(
  context: CheckContext,
  round: 'before' | 'after',
  where: string,
  service: VirtualService,
): ServiceCounters | undefined {
  const table = parseCounters(context.answer(round, where, 'counters')?.output ?? '');
  const name = serviceName(keyOf(service));
  return table.ok ? table.value.find(({ key }) => serviceName(key) === name) : undefined;
}

/** Connections that a real server has got; one that is not in the table has got none. */
function connectionsTo(service: VirtualService, server: RealServer, table: ServiceCounters): number {
  return table.servers.find((one) => endName(one) === rip(service, server))?.connections ?? 0;
}

function rip(service: VirtualService, server: RealServer): string {
  return endName(endOf(service, server));
}

/** Whether any place was asked to send requests to a service. */
function wasAsked(context: CheckContext, service: VirtualService): boolean {
  return sentTo(context, service) > 0;
}

/** How many requests were to be sent to a service, from all places that were asked to. */
function sentTo(context: CheckContext, service: VirtualService): number {
  const { cluster } = context;
  const places = cluster.verify.from.filter(
    (from) => askedFrom(cluster, from).includes(service) && context.answer('during', from, 'requests') !== undefined,
  );
  return places.length * cluster.verify.requests;
}

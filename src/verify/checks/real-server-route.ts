import { type ReturnPath, returnPaths } from '../../forwarding/return-path.ts';
import { inNetwork } from '../../inventory/address.ts';
import type { Cluster, Family, Host } from '../../inventory/cluster.ts';
import { printableLine } from '../../ssh/printable.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check, Finding } from '../check.ts';
import { judged } from '../scope.ts';

/** The kernel of a real server of NAT sends its answers to the inner VIP, whoever they are for. */
export const realServerRoute: Check = {
  name: 'real-server-route',
  severity: 'critical',
  proves: "NAT: the real server's answers leave by the inner VIP, whoever they are for",
  why: 'An answer that does not come back through the director has a source that the client never asked: it is dropped.',
  runs: 'each real server behind NAT: `ip route get CLIENT from RIP`',
  reads: '`via` and the inner VIP',
  mend: 'look for another default route (`ip route`, `ip rule`): DHCP likes to bring one; `lvsctl apply`',

  section(round, where, { cluster }) {
    const asked = round === 'before' ? questions(cluster, where) : [];
    if (asked.length === 0) return undefined;
    return { sh: asked.map((one) => `echo ${quote(`to ${one.client}`)}\n${command(one)} 2>&1 || :`).join('\n') };
  },

  judge: (evidence) =>
    evidence.cluster.hosts.flatMap(({ name }): Finding[] => {
      const answer = evidence.answer('before', name, 'real-server-route');
      if (!answer) return [];
      const parts = answer.output.split(/^to .*\n/m).slice(1);
      return questions(evidence.cluster, name).map((one, index) => judgeRoute(name, one, parts[index] ?? ''));
    }),
};

/** A way that an answer takes. */
interface Question {
  readonly path: ReturnPath;
  readonly client: string;
}

/** Addresses that nobody has (RFC 5737, RFC 3849): they stand for the clients of far away. */
const farAway: Readonly<Record<Family, string>> = { 4: '198.51.100.1', 6: '2001:db8::1' };

/** For each return path of a host a client from far away, and those that requests are sent from. */
function questions(cluster: Cluster, where: string): Question[] {
  const host = cluster.hosts.find(({ name }) => name === where);
  if (host === undefined) return [];
  return returnPaths(cluster, host).flatMap((path) =>
    [farAway[path.family], ...clients(cluster, path)].map((client) => ({ path, client })),
  );
}

function clients({ hosts, verify, services }: Cluster, { family, gateway }: ReturnPath): string[] {
  const vips = services
    .filter(({ forwarding }) => forwarding.mode === 'NAT' && forwarding.gateway === gateway)
    .map(({ vip }) => vip);
  const from = verify.from.flatMap((name): Host[] => hosts.filter((host) => host.name === name));
  return from.flatMap(({ addresses }) =>
    addresses
      .filter((own) => own.family === family && vips.some((vip) => inNetwork(vip, own)))
      .map(({ address }) => address),
  );
}

function command({ path, client }: Question): string {
  return `ip -${path.family} route get ${quote(client)} from ${quote(path.from.address)}`;
}

function judgeRoute(where: string, one: Question, output: string): Finding {
  const { gateway, from } = one.path;
  return {
    check: 'real-server-route',
    where,
    status: judged(/ via (\S+)/.exec(output)?.[1] === gateway),
    title: `answers from ${from.address} to ${one.client} leave by the inner VIP`,
    expected: `via ${gateway}`,
    seen: printableLine(output.trim().split('\n')[0] ?? '') || 'no route',
    look: command(one),
  };
}

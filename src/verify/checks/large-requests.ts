import { overheadOf } from '../../forwarding/tunnel.ts';
import type { Cluster, VirtualService } from '../../inventory/cluster.ts';
import { endName } from '../../ipvs/table.ts';
import { askingOf } from '../asking.ts';
import type { Check, Finding } from '../check.ts';
import { byHand, once, type Destination } from '../client.ts';
import { readOnce, replyText, type Reply } from '../replies.ts';
import { judged } from '../scope.ts';
import { askedFrom } from './requests.ts';

/** Requests that fill several packets get through, in every forwarding mode. */
export const largeRequests: Check = {
  name: 'large-requests',
  severity: 'critical',
  proves: 'a request of several packets gets through',
  why: 'Full packets are lost where a link on the way carries less than the others (a tunnel above all), or where a NIC merges packets that are forwarded: small requests work, and large ones stall.',
  runs: 'each vantage point: one request with a header of 4000 bytes to every service that is asked for pages',
  reads:
    'the status of the answer, whatever it is: some servers refuse so large a header, and by that it has arrived; none in time means that full packets are lost',
  mend: 'TUN: `mtu` of the service has to be what the network carries; see the segment size on the real servers (`lvsctl plan`). Else `ping -M do -s 1472` from host to host tells which link carries less; see `receive-merging`',

  section(round, where, { cluster, nonce }) {
    const asked = round === 'during' ? questions(cluster, where) : [];
    if (asked.length === 0) return undefined;
    return {
      sh: once(
        asked.map(({ destination }) => destination),
        nonce,
      ),
    };
  },

  judge: (evidence) =>
    evidence.cluster.verify.from.flatMap((where) => {
      const answer = evidence.answer('during', where, 'large-requests');
      if (!answer) return [];
      const replies = readOnce(answer.output, evidence.nonce);
      return questions(evidence.cluster, where).map((one, index) => judgeReply(where, one, replies.get(index)));
    }),
};

/** A large request to a service. */
interface Question {
  readonly service: VirtualService;
  readonly destination: Destination;
}

/** Bytes of padding: two full packets and more, and less than any server allows a header. */
const padding = 4_000;

function questions(cluster: Cluster, where: string): Question[] {
  return askedFrom(cluster, where).flatMap((service) => {
    const asking = askingOf(service);
    if (asking?.by !== 'page') return [];
    return [{ service, destination: { address: service.vip, port: service.port, asking: { ...asking, padding } } }];
  });
}

function judgeReply(where: string, { service, destination }: Question, reply: Reply | undefined): Finding {
  const unknown = reply === undefined || reply.exit === 127;
  const good = reply?.exit === 0 && reply.status !== undefined;
  return {
    check: 'large-requests',
    where,
    status: unknown ? 'unknown' : judged(good),
    title: `${service.name} takes ${padding} bytes on ${endName({ address: service.vip, port: service.port })}`,
    expected: `an answer${tunnelText(service)}`,
    seen: replyText(reply),
    look: byHand(destination),
  };
}

function tunnelText({ forwarding }: VirtualService): string {
  if (forwarding.mode !== 'TUN') return '';
  return `, through a tunnel that adds ${overheadOf(forwarding)} bytes to each packet`;
}

import { overheadOf } from '../../forwarding/tunnel.ts';
import type { Cluster, VirtualService } from '../../inventory/cluster.ts';
import { endName } from '../../ipvs/table.ts';
import { askingOf, isSound, statusesOf, statusText } from '../asking.ts';
import type { Check, Finding } from '../check.ts';
import { byHand, once, readOnce, replyText, type Destination, type Reply } from '../client.ts';
import { judged } from '../scope.ts';
import { askedFrom } from './requests.ts';

/** Requests that fill several packets get through the tunnels. */
export const largeRequests: Check = {
  name: 'large-requests',
  severity: 'critical',
  proves: 'TUN: a request of several packets gets through',
  why: 'A tunnel makes full packets too large: where nobody tells the client, small requests work and large ones stall.',
  runs: 'each vantage point: one request with a header of 4000 bytes',
  reads: 'the status of the answer; none in time means that full packets are lost',
  mend: '`mtu` of the service has to be what the network carries; see the segment size on the real servers (`lvsctl plan`)',

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

/** A request to a service that is reached by a tunnel. */
interface Question {
  readonly service: VirtualService;
  readonly destination: Destination;
}

/** Bytes of padding: two full packets and more, and less than any server allows a header. */
const padding = 4_000;

function questions(cluster: Cluster, where: string): Question[] {
  return askedFrom(cluster, where).flatMap((service) => {
    const asking = askingOf(service);
    if (service.forwarding.mode !== 'TUN' || asking?.by !== 'page') return [];
    return [{ service, destination: { address: service.vip, port: service.port, asking: { ...asking, padding } } }];
  });
}

function judgeReply(where: string, { service, destination }: Question, reply: Reply | undefined): Finding {
  const statuses = statusesOf(service) ?? [];
  const unknown = reply === undefined || reply.exit === 127;
  const good = reply?.exit === 0 && isSound(statuses, reply.status);
  return {
    check: 'large-requests',
    where,
    status: unknown ? 'unknown' : judged(good),
    title: `${service.name} takes ${padding} bytes on ${endName({ address: service.vip, port: service.port })}`,
    expected: `status ${statusText(statuses)}${tunnelText(service)}`,
    seen: replyText(reply),
    look: byHand(destination),
  };
}

function tunnelText({ forwarding }: VirtualService): string {
  if (forwarding.mode !== 'TUN') return '';
  return `, through a tunnel that adds ${overheadOf(forwarding)} bytes to each packet`;
}

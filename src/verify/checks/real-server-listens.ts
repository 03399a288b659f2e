import type { RealServer, VirtualService } from '../../inventory/cluster.ts';
import { endName } from '../../ipvs/table.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Finding } from '../check.ts';
import { judged, realServerHosts, servedBy } from '../scope.ts';

const flags = { TCP: '-Hltn', UDP: '-Hlun', SCTP: '-HlSn' } as const;

/** What a real server serves listens where the packets arrive: on the VIP (with NAT on its own address), or on all addresses. */
export const realServerListens: Check = {
  name: 'real-server-listens',
  severity: 'critical',
  proves: "the port is served on the VIP (NAT: on the server's own address) or on all addresses",
  why: 'A server bound to its own address alone passes the health check, and resets every connection to the VIP.',
  runs: 'each real server: `ss -Hltn`',
  reads: 'the address before the port: that of the VIP, `0.0.0.0`, `*` or `[::]`',
  mend: 'make the service listen on all addresses or on the VIP, and start it after the VIP is there',

  section(round, where, { cluster }) {
    const protocols = new Set(servedBy(cluster, where).map(({ protocol }) => protocol));
    if (round !== 'before' || protocols.size === 0) return undefined;
    return { sh: [...protocols].map((protocol) => `ss ${flags[protocol]} | sed 's/^/${protocol} /'`).join('\n') };
  },

  judge: (evidence) =>
    realServerHosts(evidence.cluster).flatMap(({ name }): Finding[] => {
      const answer = evidence.answer('before', name, 'real-server-listens');
      if (!answer) return [];
      const sockets = readSockets(answer.output);
      return servedBy(evidence.cluster, name).flatMap((service) =>
        service.realServers
          .filter(({ host, weight }) => host === name && weight > 0)
          .flatMap((server) =>
            portsOf(service, server).map((port) => judgeSocket(service, { ...server, port }, sockets)),
          ),
      );
    }),
};

/** The ports that must be open; those of a range are opened as they are needed. */
function portsOf({ mark }: VirtualService, server: RealServer): number[] {
  if (mark === undefined) return [server.port];
  return mark.ports.flatMap(({ first, last }) => (first === last ? [first] : []));
}

interface Socket {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

function judgeSocket(service: VirtualService, server: RealServer, sockets: readonly Socket[]): Finding {
  const onPort = sockets.filter(({ protocol, port }) => protocol === service.protocol && port === server.port);
  // `*` takes both families; ss of iproute2 before 5 wrote `::` for it, newer ones write `[::]` for IPv6 alone.
  const address = service.forwarding.mode === 'NAT' ? server.address : service.vip;
  const right = service.family === 4 ? [address, '0.0.0.0', '*', '::'] : [`[${address}]`, '[::]', '*', '::'];
  return {
    check: 'real-server-listens',
    where: server.host,
    status: judged(onPort.some((socket) => right.includes(socket.address))),
    title: `${service.name} is served on ${service.protocol} port ${server.port}`,
    expected: `a socket on ${endName({ address, port: server.port })} or on all addresses`,
    seen:
      onPort.length === 0
        ? `nothing listens on port ${server.port}`
        : `listens on ${onPort.map((socket) => printableLine(socket.address)).join(', ')}`,
    look: `ss ${flags[service.protocol]} sport = :${server.port}`,
  };
}

/** `TCP LISTEN 0 511 0.0.0.0:80 0.0.0.0:*`; an address may be bound to an interface: `10.77.0.100%lo:80`. */
function readSockets(output: string): Socket[] {
  return output.split('\n').flatMap((line) => {
    const [protocol = '', , , , local = ''] = line.trim().split(/\s+/);
    const colon = local.lastIndexOf(':');
    const port = Number(local.slice(colon + 1));
    const address = local.slice(0, Math.max(colon, 0)).replace(/%[^\]]*/, '');
    return colon > 0 && Number.isInteger(port) ? [{ protocol, address, port }] : [];
  });
}

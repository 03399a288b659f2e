import type { Forwarding, UpDown, VirtualService } from '../inventory/cluster.ts';
import { maskOf } from '../ipvs/desired.ts';
import type { RoleContext } from '../roles/role.ts';
import { checkers } from './check.ts';
import { part } from './part.ts';
import { commandLine } from './program.ts';

/** A `virtual_server` of keepalived.conf(5) with its real servers. */
export function virtualServer(context: RoleContext, service: VirtualService): string {
  const { mark, family, port, vip, persistence, sorryServer } = service;
  const end = (address: string, at: number): string => (mark ? address : `${address} ${at}`);
  return part(context, 'virtual-server', {
    ...service,
    end: mark ? `fwmark ${mark.number}` : `${vip} ${port}`,
    method: method(service.forwarding),
    // A mark says nothing of the family, and means any protocol.
    isMarkedIpv6: mark !== undefined && family === 6,
    protocol: mark ? undefined : service.protocol,
    persistence: persistence && { ...persistence, mask: maskFor(service) },
    quorum: service.quorum === 1 ? undefined : service.quorum,
    sorryServer: sorryServer && end(sorryServer.address, sorryServer.port),
    interval: service.checks[0].interval,
    quorumNotify: commands(service.quorumNotify),
    realServers: service.realServers.map((server) => ({
      ...server,
      drained: context.cluster.drained.includes(server.host),
      end: end(server.address, server.port),
      interval: server.checks && unless(server.checks[0].interval, service.checks[0].interval),
      notify: commands(server.notify),
      checks: checkers(context, service, server),
    })),
  });
}

function unless(value: number, usual: number): number | undefined {
  return value === usual ? undefined : value;
}

/** What is run, as keepalived.conf has it. */
function commands({ up, down, user }: UpDown) {
  return { up: up && commandLine(up), down: down && commandLine(down), user };
}

/** The granularity, unless it is the one that holds anyway: each client by itself. */
function maskFor({ persistence, family }: VirtualService): string | undefined {
  if (persistence === undefined || persistence.granularity === (family === 4 ? 32 : 128)) return undefined;
  return maskOf(persistence.granularity, family);
}

/** The value of `lb_kind`; the type of a tunnel is named only where it is not ipip, which older versions do not know otherwise. */
function method(forwarding: Forwarding): string {
  if (forwarding.mode !== 'TUN' || forwarding.tunnel.type === 'ipip') return forwarding.mode;
  const { tunnel } = forwarding;
  return `TUN type ${tunnel.type}${tunnel.type === 'gue' ? ` port ${tunnel.port}` : ''}`;
}

import type { VirtualService } from '../inventory/cluster.ts';
import type { RoleContext } from '../roles/role.ts';
import { checker } from './check.ts';
import { part } from './part.ts';

/** A `virtual_server` of keepalived.conf(5) with its real servers. */
export function virtualServer(context: RoleContext, service: VirtualService): string {
  const check = checker(context, service.check);
  return part(context, 'virtual-server', {
    ...service,
    interval: service.check.interval,
    realServers: service.realServers.map((server) => ({ ...server, check })),
  });
}

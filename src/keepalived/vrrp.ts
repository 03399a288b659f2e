import type { VrrpInstance } from '../inventory/cluster.ts';
import type { RoleContext } from '../roles/role.ts';
import { part } from './part.ts';

/** A `vrrp_instance` of keepalived.conf(5). */
export function vrrpInstance(context: RoleContext, instance: VrrpInstance): string {
  const { host } = context;
  return part(context, 'vrrp-instance', {
    ...instance,
    interface: host.interface,
    priority: instance.priorities[host.name],
    authPass: instance.authPass?.reveal(),
    vips: instance.vips.map((address) => ({ address, prefix: instance.family === 4 ? 32 : 128 })),
  });
}

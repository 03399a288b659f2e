import type { SyncGroup, VrrpInstance } from '../inventory/cluster.ts';
import type { RoleContext } from '../roles/role.ts';
import { part } from './part.ts';

/** A `vrrp_instance` of keepalived.conf(5). */
export function vrrpInstance(context: RoleContext, instance: VrrpInstance): string {
  const { host } = context;
  return part(context, 'vrrp-instance', {
    ...instance,
    interface: instance.interfaces[host.name],
    priority: instance.priorities[host.name],
    authPass: instance.authPass?.reveal(),
    vips: instance.vips.map((vip) => ({ ...vip, interface: vip.interfaces[host.name] })),
  });
}

/** A `vrrp_sync_group` of keepalived.conf(5). */
export function syncGroup(context: RoleContext, group: SyncGroup): string {
  return part(context, 'sync-group', { ...group });
}

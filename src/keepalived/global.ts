import type { GarpSettings } from '../inventory/cluster.ts';
import type { RoleContext } from '../roles/role.ts';
import { lvsGlobals } from './lvs.ts';
import { part } from './part.ts';

/**
 * `global_defs` of keepalived.conf(5). Never `vrrp_strict`: it forbids unicast adverts and passwords, and lets a VIP drop
 * what is sent to it.
 */
export function globalDefinitions(context: RoleContext): string {
  const { scriptUser, startupDelay, garp, extra } = context.cluster.keepalived;
  return part(context, 'global', {
    scriptUser,
    startupDelay,
    garp: garpLines(context, garp, 'vrrp_'),
    lvs: lvsGlobals(context),
    extra,
  });
}

/** The lines on gratuitous ARP, in `global_defs` with `vrrp_` before their names; empty when all is as outside. */
export function garpLines(context: RoleContext, garp: GarpSettings, prefix: 'vrrp_' | ''): string {
  // A zero is a wish too.
  const written = { hasDelay: garp.delay !== undefined, hasRefresh: garp.refresh !== undefined };
  return part(context, 'garp', { ...garp, ...written, prefix }, 4);
}

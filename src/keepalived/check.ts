import type { HealthCheck } from '../inventory/cluster.ts';
import type { RoleContext } from '../roles/role.ts';
import { part } from './part.ts';

/** The checker of a real server, keepalived.conf(5). */
export function checker(context: RoleContext, check: HealthCheck): string {
  return part(context, `check-${check.kind.type}`, { ...check, ...check.kind }, 8);
}

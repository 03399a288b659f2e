import type { HealthCheck, HealthChecks, RealServer, VirtualService, WebCheck } from './cluster.ts';

/** The checks of a real server: its own, or those of its service. */
export function checksOf(service: VirtualService, server: RealServer): HealthChecks {
  return server.checks ?? service.checks;
}

/** Whether a check sets the weight of the real server. */
export function isDynamic({ kind }: HealthCheck): boolean {
  return (kind.type === 'misc' && kind.dynamic) || (kind.type === 'file' && kind.weight !== undefined);
}

/** The first of the service's checks that asks for a page in clear; undefined: none does. */
export function plainPageOf({ checks }: VirtualService): WebCheck | undefined {
  for (const { kind } of checks) if (kind.type === 'http') return kind;
  return undefined;
}

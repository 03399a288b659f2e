import type { HealthCheck, RealServer, VirtualService } from './cluster.ts';

/** The check of a real server: its own, or that of its service. */
export function checkOf(service: VirtualService, server: RealServer): HealthCheck {
  return server.check ?? service.check;
}

/** Whether a check sets the weight of the real server. */
export function isDynamic({ kind }: HealthCheck): boolean {
  return (kind.type === 'misc' && kind.dynamic) || (kind.type === 'file' && kind.weight !== undefined);
}

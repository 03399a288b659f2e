import type { VirtualService } from './cluster.ts';

/** Whether a host answers for a service: as a real server, or as its sorry server. */
export function standsBehind({ realServers, sorryServer }: VirtualService, host: string): boolean {
  return sorryServer?.host === host || realServers.some((server) => server.host === host);
}

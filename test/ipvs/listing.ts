import { endName, type Counters, type ServiceKey, type TableService } from '../../src/ipvs/table.ts';

const headings = ['IP Virtual Server version 1.2.1 (size=4096)'];

/** A table as ipvsadm 1.31 prints it with `-Ln` (print_service_entry in ipvsadm.c). */
export function listing(services: readonly TableService[]): string {
  return [
    ...headings,
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
    ...services.flatMap(({ key, scheduler, persistence, options, servers }) => [
      [keyText(key), scheduler, ...(persistence === undefined ? [] : [`persistent ${persistence}`]), ...options].join(
        ' ',
      ),
      ...servers.map(
        (server) =>
          `  -> ${endName(server).padEnd(28)} ${server.forward.padEnd(7)} ${String(server.weight).padEnd(6)} ${String(server.activeConnections).padEnd(10)} ${String(server.inactiveConnections).padEnd(10)}`,
      ),
    ]),
    '',
  ].join('\n');
}

/** Counters as `-Ln --stats --exact` prints them. */
export function countersListing(
  services: readonly (Counters & {
    key: ServiceKey;
    servers: readonly (Counters & { address: string; port: number })[];
  })[],
): string {
  const numbers = (one: Counters): string =>
    [one.connections, one.packetsIn, one.packetsOut, one.bytesIn, one.bytesOut]
      .map((n) => ` ${String(n).padStart(8)}`)
      .join('');
  return [
    ...headings,
    'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes',
    '  -> RemoteAddress:Port',
    ...services.flatMap((service) => [
      `${keyText(service.key).padEnd(33)}${numbers(service)}`,
      ...service.servers.map((server) => `  -> ${endName(server).padEnd(28)}${numbers(server)}`),
    ]),
    '',
  ].join('\n');
}

function keyText(key: ServiceKey): string {
  if (key.protocol === 'FWM') return `FWM  ${key.mark}${key.family === 6 ? ' IPv6' : ''}`;
  return `${key.protocol}  ${endName(key)}`;
}

import { checksOf } from '../inventory/check-of.ts';
import type {
  DnsType,
  HealthCheck,
  HealthChecks,
  RealServer,
  StatusRange,
  VirtualService,
} from '../inventory/cluster.ts';
import type { Asking } from './client.ts';

/**
 * How a service, or one of its real servers, is asked as a client would: by what the first of its checks asks for that a client could
 * ask for too. Undefined: it cannot be. A datagram that need not be answered proves nothing, and no shell speaks SCTP; of such a
 * service the table and the health checks are all that is known.
 */
export function askingOf(service: VirtualService, server?: RealServer): Asking | undefined {
  const checks = checksFor(service, server);
  const port = server?.port ?? service.port;
  switch (service.protocol) {
    case 'TCP':
      return first(checks, (check) => pageOf(check, port)) ?? { by: 'connection' };
    case 'UDP':
      return first(checks, datagramOf);
    case 'SCTP':
      return undefined;
  }
}

/** The statuses of a sound answer; undefined: it is not asked for a page. */
export function statusesOf(service: VirtualService, server?: RealServer): readonly StatusRange[] | undefined {
  if (service.protocol !== 'TCP') return undefined;
  const port = server?.port ?? service.port;
  return first(checksFor(service, server), (check) => {
    const { kind } = check;
    return (kind.type === 'http' || kind.type === 'https') && pageOf(check, port) !== undefined
      ? kind.status
      : undefined;
  });
}

function checksFor(service: VirtualService, server: RealServer | undefined): HealthChecks {
  return server === undefined ? service.checks : checksOf(service, server);
}

/** The first thing that is found in a check. */
function first<T>(checks: HealthChecks, find: (check: HealthCheck) => T | undefined): T | undefined {
  return checks.map(find).find((found) => found !== undefined);
}

/** Whether a status is among those of a sound answer. */
export function isSound(statuses: readonly StatusRange[], status: number | undefined): boolean {
  return status !== undefined && statuses.some(({ first, last }) => first <= status && status <= last);
}

/** Statuses for people: `200`, `200-299 or 301`. */
export function statusText(statuses: readonly StatusRange[]): string {
  return statuses.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(' or ');
}

/** A check on another port or address asks something else than the clients do. */
function pageOf({ kind, port, address }: HealthCheck, own: number): Asking | undefined {
  if ((kind.type !== 'http' && kind.type !== 'https') || address !== undefined) return undefined;
  if (port !== undefined && port !== own) return undefined;
  return { by: 'page', scheme: kind.type, path: kind.path, host: kind.virtualHost };
}

function datagramOf({ kind, port, address }: HealthCheck): Asking | undefined {
  if (port !== undefined || address !== undefined) return undefined;
  if (kind.type === 'dns') return { by: 'datagram', payload: dnsQuery(kind.name, kind.recordType) };
  if (kind.type !== 'udp' || kind.payload === undefined || kind.reply === undefined) return undefined;
  return { by: 'datagram', payload: kind.payload };
}

/** Numbers of the record types, RFC 1035 3.2.2 and RFC 3596. */
const typeNumbers: Readonly<Record<DnsType, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28 };

/** A query for a name, recursion desired, as hex digits: RFC 1035 4.1. */
export function dnsQuery(name: string, type: DnsType): string {
  const header = Buffer.from('6c7601000001000000000000', 'hex');
  const labels = name.split('.').filter((label) => label !== '');
  const question = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  return Buffer.concat([header, ...question, Buffer.from([0, 0, typeNumbers[type], 0, 1])]).toString('hex');
}

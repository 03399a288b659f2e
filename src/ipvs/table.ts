import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { err, ok, type Result } from '../result.ts';

/** What distinguishes virtual services: protocol, address and port, or a firewall mark. */
export type ServiceKey =
  | { readonly protocol: 'TCP' | 'UDP' | 'SCTP'; readonly address: string; readonly port: number }
  | { readonly protocol: 'FWM'; readonly mark: number; readonly family: 4 | 6 };

/** How packets reach a real server, as ipvsadm(8) calls it: direct routing is `Route`, NAT is `Masq`. */
export type Forward = 'Route' | 'Masq' | 'Tunnel' | 'Local';

/** A virtual service of the kernel's table. Addresses are in their shortest form (RFC 5952). */
export interface TableService {
  readonly key: ServiceKey;
  readonly scheduler: string;
  /** Seconds; undefined: no persistence. */
  readonly persistence: number | undefined;
  /** All else that is said about it, as printed: scheduler flags, `mask 255.255.255.0`, `pe sip`, `ops`. */
  readonly options: readonly string[];
  readonly servers: readonly TableServer[];
}

/** A real server of the kernel's table. */
export interface TableServer {
  readonly address: string;
  readonly port: number;
  readonly forward: Forward;
  readonly weight: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

/** Counters since the entry was made, `ipvsadm -Ln --stats --exact`. */
export interface Counters {
  readonly connections: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The counters of a virtual service and of its real servers. */
export interface ServiceCounters extends Counters {
  readonly key: ServiceKey;
  readonly servers: readonly (Counters & { readonly address: string; readonly port: number })[];
}

/** Reads `ipvsadm -Ln`. The error says which line makes no sense. */
export function parseTable(text: string): Result<readonly TableService[], string> {
  return parseEntries(text, { service: readService, server: readServer });
}

/** Reads `ipvsadm -Ln --stats --exact`. The error says which line makes no sense. */
export function parseCounters(text: string): Result<readonly ServiceCounters[], string> {
  return parseEntries(text, {
    service: (key, rest) => {
      const counters = readCounters(rest);
      return counters && { key, ...counters };
    },
    server: (end, rest) => {
      const counters = readCounters(rest);
      return counters && { ...end, ...counters };
    },
  });
}

/** Names a service as a line of the table does: `10.77.0.100:80 TCP`, `firewall mark 1`. */
export function serviceName(key: ServiceKey): string {
  if (key.protocol === 'FWM') return `firewall mark ${key.mark}${key.family === 6 ? ' IPv6' : ''}`;
  return `${endName(key)} ${key.protocol}`;
}

/** `10.77.0.13:80`, `[fd00::13]:80`. */
export function endName({ address, port }: End): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

interface End {
  readonly address: string;
  readonly port: number;
}

interface Readers<Service, Server> {
  service(key: ServiceKey, rest: readonly string[]): Service | undefined;
  server(end: End, rest: readonly string[]): Server | undefined;
}

/**
 * Both listings have the same shape: headings, lines of services, and lines of real servers that begin with an arrow. IPv6
 * breaks the columns, so that only white space counts.
 */
function parseEntries<Service extends object, Server>(
  text: string,
  readers: Readers<Service, Server>,
): Result<readonly (Service & { readonly servers: readonly Server[] })[], string> {
  const services: (Service & { servers: Server[] })[] = [];
  const lines = text.split('\n').map((line) => line.trim());
  if (!lines.some((line) => line.startsWith('IP Virtual Server version ')))
    return err('this is not a listing of ipvsadm');
  for (const [index, line] of lines.entries()) {
    const [first = '', second = '', ...rest] = line.split(/\s+/);
    if (first === '' || isHeading(first, second)) continue;
    const nonsense = err(`line ${index + 1} makes no sense: ${line.slice(0, 120)}`);
    if (first === '->') {
      const end = readEnd(second);
      const server = end && readers.server(end, rest);
      const service = services.at(-1);
      if (server === undefined || service === undefined) return nonsense;
      service.servers.push(server);
      continue;
    }
    const ipv6Mark = first === 'FWM' && rest[0] === 'IPv6';
    const key = readKey(first, second, ipv6Mark ? 6 : 4);
    const service = key && readers.service(key, ipv6Mark ? rest.slice(1) : rest);
    if (service === undefined) return nonsense;
    services.push({ ...service, servers: [] });
  }
  return ok(services);
}

function isHeading(first: string, second: string): boolean {
  return (first === 'IP' && second === 'Virtual') || first === 'Prot' || second.startsWith('RemoteAddress:');
}

function readKey(protocol: string, name: string, family: 4 | 6): ServiceKey | undefined {
  if (protocol === 'FWM') {
    const mark = readNumber(name, 0xffff_ffff);
    return mark === undefined ? undefined : { protocol, mark, family };
  }
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') return undefined;
  const end = readEnd(name);
  return end && { protocol, ...end };
}

function readEnd(text: string): End | undefined {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(colon, 0));
  const port = readNumber(text.slice(colon + 1), 65535);
  const bracketed = host.startsWith('[') && host.endsWith(']');
  const address = bracketed ? host.slice(1, -1) : host;
  if (port === undefined || !(bracketed ? isIPv6(address) && !address.includes('%') : isIPv4(address)))
    return undefined;
  return { address: ipaddr.parse(address).toString(), port };
}

function readService(key: ServiceKey, rest: readonly string[]): Omit<TableService, 'servers'> | undefined {
  const [scheduler, ...words] = rest;
  if (scheduler === undefined) return undefined;
  const options: string[] = [];
  let persistence: number | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === 'persistent') {
      persistence = readNumber(words[(at += 1)], 0xffff_ffff);
      if (persistence === undefined) return undefined;
    } else if (word === 'mask' || word === 'pe') options.push(`${word} ${words[(at += 1)] ?? ''}`.trim());
    else options.push(word);
  }
  return { key, scheduler, persistence, options };
}

const forwards: ReadonlySet<string> = new Set<Forward>(['Route', 'Masq', 'Tunnel', 'Local']);

function isForward(word: string): word is Forward {
  return forwards.has(word);
}

function readServer(end: End, rest: readonly string[]): TableServer | undefined {
  const [forward = '', ...numbers] = rest;
  const [weight, activeConnections, inactiveConnections] = numbers.map((word) => readNumber(word, 0xffff_ffff));
  if (!isForward(forward) || weight === undefined) return undefined;
  if (activeConnections === undefined || inactiveConnections === undefined) return undefined;
  return { ...end, forward, weight, activeConnections, inactiveConnections };
}

function readCounters(rest: readonly string[]): Counters | undefined {
  const [connections, packetsIn, packetsOut, bytesIn, bytesOut] = rest.map((word) =>
    readNumber(word, Number.MAX_SAFE_INTEGER),
  );
  if (connections === undefined || packetsIn === undefined || packetsOut === undefined) return undefined;
  if (bytesIn === undefined || bytesOut === undefined) return undefined;
  return { connections, packetsIn, packetsOut, bytesIn, bytesOut };
}

function readNumber(word: string | undefined, most: number): number | undefined {
  if (word === undefined || !/^\d{1,16}$/.test(word)) return undefined;
  const number = Number(word);
  return number <= most ? number : undefined;
}

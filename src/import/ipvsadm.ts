import { readIp } from '../inventory/address.ts';
import { nameFor, type Draft, type Entry } from './draft.ts';

/** What the flags of a line say. */
type Flags = ReadonlyMap<string, string>;

const protocols: Readonly<Record<string, string>> = {
  '-t': 'TCP',
  '--tcp-service': 'TCP',
  '-u': 'UDP',
  '--udp-service': 'UDP',
  '--sctp-service': 'SCTP',
};

const long: Readonly<Record<string, string>> = {
  '--add-service': '-A',
  '--add-server': '-a',
  '--fwmark-service': '-f',
  '--scheduler': '-s',
  '--persistent': '-p',
  '--netmask': '-M',
  '--real-server': '-r',
  '--gatewaying': '-g',
  '--ipip': '-i',
  '--masquerading': '-m',
  '--weight': '-w',
  '--u-threshold': '-x',
  '--l-threshold': '-y',
  '--sched-flags': '-b',
  '--ipv6': '-6',
  '--ops': '-o',
};

/** Flags without a value. */
const bare = new Set(['-A', '-a', '-g', '-i', '-m', '-6', '-o']);

/**
 * Takes over a table as `ipvsadm -Sn` prints it: `-A -t VIP:PORT -s SCHEDULER …` and `-a -t VIP:PORT -r RIP:PORT -g|-i|-m -w
 * WEIGHT …`, ipvsadm(8). Health checks are not in it, so that each service gets the one it has by default.
 */
export function importIpvsadm(file: string, text: string, director: string | undefined, draft: Draft): void {
  const name = director ?? 'lb1';
  draft.directors.push(name);
  draft.host(name);
  const services = new Map<string, Entry>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const place = `${file}:${index + 1}`;
    const words = line.trim().split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#') === true) continue;
    const flags = readFlags(words);
    if (flags.has('-A')) addService(flags, services, draft, place, line);
    else if (flags.has('-a')) addServer(flags, services, draft, place, line);
    else draft.leave(place, line.trim().slice(0, 120), 'is not a line of ipvsadm -Sn');
  }
}

function readFlags(words: readonly string[]): Flags {
  const flags = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const [name = '', ...value] = (words[at] ?? '').split('=');
    const key = long[name] ?? name;
    const takes = !bare.has(key) && !(words[at + 1] ?? '-').startsWith('-');
    if (value.length > 0) flags.set(key, value.join('='));
    else if (takes) {
      at += 1;
      flags.set(key, words[at] ?? '');
    } else flags.set(key, '');
  }
  return flags;
}

function protocolOf(flags: Flags): readonly [flag: string, protocol: string] | undefined {
  for (const [flag, protocol] of Object.entries(protocols)) if (flags.has(flag)) return [flag, protocol];
  return undefined;
}

function keyOf(flags: Flags): string {
  const [flag, protocol] = protocolOf(flags) ?? ['-f', 'mark'];
  return `${protocol} ${flags.get(flag) ?? ''}`;
}

function addService(flags: Flags, services: Map<string, Entry>, draft: Draft, place: string, line: string): void {
  const entry: Entry = {};
  let base: string;
  const known = protocolOf(flags);
  if (known === undefined) {
    const mark = Number(flags.get('-f') ?? Number.NaN);
    if (!(mark >= 1 && mark <= 0x7fff_ffff)) {
      draft.leave(place, line.trim(), 'has neither an address nor a firewall mark');
      return;
    }
    entry['mark'] = mark;
    base = `mark${mark}`;
    draft.leave(
      place,
      `firewall mark ${mark}`,
      'write vip and ports: which packets get this mark stands in the firewall rules',
    );
  } else {
    const end = readEnd(flags.get(known[0]) ?? '');
    if (end?.port === undefined) {
      draft.leave(place, line.trim(), 'is no address with a port');
      return;
    }
    Object.assign(entry, { vip: end.address, port: end.port });
    base = `${known[1].toLowerCase()}${end.port}`;
    if (known[1] !== 'TCP') entry['protocol'] = known[1];
  }
  const scheduler = flags.get('-s') ?? 'wlc';
  if (scheduler !== 'wlc') entry['scheduler'] = scheduler;
  const schedulerFlags = flags.get('-b')?.split(',').filter(Boolean);
  if (schedulerFlags) entry['schedulerFlags'] = schedulerFlags;
  if (flags.has('-p')) entry['persistence'] = persistence(flags);
  if (flags.has('-o')) entry['onePacket'] = true;
  if (entry['protocol'] === 'UDP') entry['check'] = { tcp: true };
  entry['realServers'] = [];
  draft.leave(place, line.trim(), 'the table has no health checks: write check, or it is checked that TCP connects');
  services.set(keyOf(flags), entry);
  draft.services.set(nameFor(base, draft.services), entry);
}

function persistence(flags: Flags): unknown {
  const timeout = Number(flags.get('-p') === '' ? 300 : flags.get('-p'));
  const mask = flags.get('-M');
  const engine = flags.get('--pe');
  if (mask === undefined && engine === undefined) return timeout;
  const granularity = mask?.includes('.') === true ? ones(mask) : Number(mask);
  return { timeout, ...(mask === undefined ? {} : { granularity }), ...(engine === undefined ? {} : { engine }) };
}

function ones(mask: string): number {
  return mask
    .split('.')
    .map((part) => (Number(part) & 255).toString(2).replaceAll('0', '').length)
    .reduce((sum, one) => sum + one, 0);
}

function addServer(
  flags: Flags,
  services: ReadonlyMap<string, Entry>,
  draft: Draft,
  place: string,
  line: string,
): void {
  const service = services.get(keyOf(flags));
  const end = readEnd(flags.get('-r') ?? '');
  if (service === undefined || end === undefined) {
    draft.leave(
      place,
      line.trim(),
      service ? 'is no address of a real server' : 'is of a service that is not in the table',
    );
    return;
  }
  const mode = flags.has('-m') ? 'NAT' : flags.has('-i') ? 'TUN' : 'DR';
  const servers = service['realServers'] as unknown[];
  if (servers.length === 0) {
    if (mode !== 'DR') service['mode'] = mode;
    const tunnel = tunnelOf(flags);
    if (tunnel !== undefined) service['tunnel'] = tunnel;
    const { vip } = service;
    if (mode === 'TUN' && typeof vip === 'string' && vip.includes(':') && !end.address.includes(':'))
      service['outer'] = 4;
    // The servers come last.
    delete service['realServers'];
    service['realServers'] = servers;
  } else if ((service['mode'] ?? 'DR') !== mode) {
    draft.leave(place, line.trim(), 'is forwarded otherwise than the first real server, and a service has one mode');
  }
  const host = draft.hostAt(end.address, undefined);
  const own: Entry = {};
  if (end.port !== undefined && end.port !== 0 && end.port !== service['port']) own['port'] = end.port;
  for (const [flag, key, usual] of [
    ['-w', 'weight', 1],
    ['-x', 'upperThreshold', 0],
    ['-y', 'lowerThreshold', 0],
  ] as const) {
    const value = Number(flags.get(flag) ?? usual);
    if (Number.isInteger(value) && value !== usual) own[key] = value;
  }
  servers.push(Object.keys(own).length === 0 ? host : { host, ...own });
}

function tunnelOf(flags: Flags): unknown {
  const type = flags.get('--tun-type');
  if (type === 'gre') return 'gre';
  return type === 'gue' ? { gue: Number(flags.get('--tun-port') ?? 6080) } : undefined;
}

/** `ADDRESS:PORT`, `[ADDRESS]:PORT`, or an address alone. */
function readEnd(text: string): { readonly address: string; readonly port: number | undefined } | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const ip = readIp(bracketed ?? plain ?? '');
  return ip.ok ? { address: ip.value.address, port: port === undefined ? undefined : Number(port) } : undefined;
}

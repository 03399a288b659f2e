import { readIp } from '../../inventory/address.ts';
import type { Statement } from '../../keepalived/parse.ts';
import { drop, isName, nameFor, put, type Entry, type VirtualEnd } from '../draft.ts';
import { resolveSession } from './bfd.ts';
import { isChecker, readCheck, timing } from './check.ts';
import { endsOf } from './group.ts';
import { event } from './program.ts';
import {
  flag,
  implied,
  leave,
  port,
  readBlock,
  set,
  whole,
  word,
  type Keyword,
  type Keywords,
  type Scope,
} from './keyword.ts';

/** A scheduler's flag. */
const schedulerFlag: Keyword = ({ words: [name] }, entry) => {
  entry['schedulerFlags'] = [...((entry['schedulerFlags'] as string[] | undefined) ?? []), name];
  return true;
};

/** `lb_kind NAT|DR|TUN [type ipip|gre|gue port N]`. */
const method: Keyword = ({ words: [, mode, ...rest] }, entry) => {
  if (mode !== 'NAT' && mode !== 'DR' && mode !== 'TUN') return false;
  entry['mode'] = mode;
  const type = rest.join(' ');
  const gue = /^type gue port (\d+)$/.exec(type)?.[1];
  if (gue !== undefined) entry['tunnel'] = { gue: Number(gue) };
  else if (type === 'type gre') entry['tunnel'] = 'gre';
  else return type === '' || type === 'type ipip';
  return true;
};

/** A netmask or a prefix length. */
function bits([text = '', ...more]: readonly string[]): number | undefined {
  if (more.length > 0) return undefined;
  if (/^\d{1,3}$/.test(text)) return Number(text);
  const octets = text.split('.').map(Number);
  if (octets.length !== 4 || octets.some((one) => !(one >= 0 && one <= 255))) return undefined;
  const binary = octets.map((one) => one.toString(2).padStart(8, '0')).join('');
  return /^1+0*$/.test(binary) ? binary.lastIndexOf('1') + 1 : undefined;
}

/** `sorry_server ADDRESS [PORT]`. */
const sorryServer: Keyword = ({ words: [, address = '', text], comments }, entry, { draft }) => {
  if (!readIp(address).ok) return false;
  const host = draft.hostAt(address, comments.at(-1));
  const at = text === undefined ? undefined : port([text]);
  entry['sorryServer'] = at === undefined || at === entry['port'] ? host : { host, port: at };
  return true;
};

const quiet: Keywords = {
  sh_port: implied,
  smtp_alert: implied,
  snmp_name: implied,
  ip_family: implied,
  lvs_flush: implied,
};

const virtualServer: Keywords = {
  ...Object.fromEntries(Object.entries(timing).map(([name, keyword]) => [name, under('check', keyword)])),
  lb_algo: set('scheduler', word),
  lvs_sched: set('scheduler', word),
  'sh-port': schedulerFlag,
  'sh-fallback': schedulerFlag,
  'mh-port': schedulerFlag,
  'mh-fallback': schedulerFlag,
  lb_kind: method,
  lvs_method: method,
  protocol: set('protocol', ([name = '']) => (/^(TCP|UDP|SCTP)$/i.test(name) ? name.toUpperCase() : undefined)),
  persistence_timeout: set('persistence.timeout', (words) => (words.length === 0 ? 360 : whole(1, 2_678_400)(words))),
  persistence_granularity: set('persistence.granularity', bits),
  persistence_engine: set('persistence.engine', ([name]) => (name === 'sip' ? name : undefined)),
  ops: flag('onePacket'),
  alpha: flag('alpha'),
  omega: flag('omega'),
  quorum: set('quorum', whole(1, 1_000_000)),
  hysteresis: set('hysteresis', whole(0, 1_000_000)),
  quorum_up: event('quorumUp'),
  quorum_down: event('quorumDown'),
  inhibit_on_failure: flag('inhibitOnFailure'),
  sorry_server: sorryServer,
  virtualhost: under('check', set('virtualHost', word)),
  ...quiet,
};

const realServer: Keywords = {
  ...Object.fromEntries(Object.entries(timing).map(([name, keyword]) => [name, under('check', keyword)])),
  weight: set('weight', whole(0, 65_535)),
  uthreshold: set('upperThreshold', whole(1, 65_535)),
  lthreshold: set('lowerThreshold', whole(1, 65_535)),
  notify_up: event('up'),
  notify_down: event('down'),
  virtualhost: under('check', set('virtualHost', word)),
  ...quiet,
};

/** What a service is when its block says nothing: keepalived.conf(5). */
const defaults: Entry = { mode: 'NAT', scheduler: 'wlc', protocol: 'TCP', alpha: false };

/** What the inventory has for what is not written. */
const ours: readonly (readonly [path: string, value: unknown])[] = [
  ['mode', 'DR'],
  ['tunnel', 'ipip'],
  ['scheduler', 'wlc'],
  ['protocol', 'TCP'],
  ['alpha', true],
  ['omega', false],
  ['quorum', 1],
  ['hysteresis', 0],
  ['onePacket', false],
  ['inhibitOnFailure', false],
];

/** See {@link ours}. */
const ourCheck: readonly (readonly [path: string, value: unknown])[] = [
  ['interval', 2],
  ['timeout', 2],
  ['retries', 1],
  ['retryDelay', 1],
  ['status', 200],
  ['type', 'SOA'],
  ['misc.timeout', 5],
  ['misc.dynamic', false],
];

/** `virtual_server ADDRESS PORT { … }`, `virtual_server fwmark N { … }`, and `virtual_server group NAME { … }`, a service for each end. */
export const virtualServerBlock: Keyword = (statement, _entry, scope) => {
  const [, kind = '', group = ''] = statement.words;
  const ends = endsOf(statement, scope);
  if (ends === undefined) return false;
  const wish = kind === 'group' ? group : (statement.comments.at(-1) ?? '');
  for (const [n, end] of ends.entries()) {
    const read = (): void => {
      readService(end, wish, statement, scope);
    };
    if (n === 0) read();
    else scope.draft.quietly(read);
  }
  return true;
};

function readService(end: VirtualEnd, wish: string, statement: Statement, scope: Scope): void {
  const entry: Entry = { ...end, ...defaults };
  const block = statement.block ?? [];
  const isServer = ({ words: [name] }: Statement): boolean => name === 'real_server';
  readBlock(
    block.filter((one) => !isServer(one)),
    virtualServer,
    entry,
    scope,
  );
  const inherited = entry['check'] as Entry | undefined;
  const servers = block.filter(isServer).flatMap((one) => readServer(one, entry, inherited ?? {}, scope));
  finish(entry, servers, statement, scope);
  keep(entry, wish, statement, scope);
}

/** A real server with its checks, before it is known which are those of the service. */
interface Server {
  readonly host: string;
  readonly address: string;
  readonly own: Entry;
  /** One by itself, or a list. */
  readonly check: Entry | readonly Entry[] | undefined;
}

function readServer(statement: Statement, service: Entry, inherited: Entry, scope: Scope): Server[] {
  const [, address = '', text] = statement.words;
  const ip = readIp(address);
  if (!ip.ok) {
    leave(statement, scope, 'is not an address');
    return [];
  }
  const host = scope.draft.hostAt(ip.value.address, statement.comments.at(-1));
  const own: Entry = {};
  const at = text === undefined ? undefined : port([text]);
  if (at !== undefined && at !== service['port']) own['port'] = at;
  const block = statement.block ?? [];
  readBlock(
    block.filter((one) => !isChecker(one)),
    realServer,
    own,
    scope,
  );
  const nearer = { ...inherited, ...(own['check'] as Entry | undefined) };
  drop(own, 'check');
  if (own['weight'] === 1) drop(own, 'weight');
  const checks = block.filter(isChecker).map((one) => {
    const check = readCheck(one, nearer, scope);
    if (typeof check['file'] === 'object') resolveFile(check, scope);
    resolveSession(check, ip.value.address, one, scope);
    for (const [path, value] of ourCheck) prune(check, path, value);
    if (Object.keys(check).length > 1) drop(check, 'tcp');
    return check;
  });
  return [{ host, own, address: ip.value.address, check: checks.length > 1 ? checks : checks[0] }];
}

/** `track_file` names a block of its own. */
function resolveFile(check: Entry, { draft }: Scope): void {
  const file = check['file'] as Entry;
  const path = draft.files.get(String(file['path']));
  if (path === undefined) return;
  check['file'] = file['weight'] === undefined ? path : { ...file, path };
}

/** The check that most real servers have is that of the service. */
function finish(entry: Entry, servers: readonly Server[], statement: Statement, scope: Scope): void {
  const counts = new Map<string, number>();
  for (const { check } of servers) {
    const text = JSON.stringify(check ?? null);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const [common = 'null'] = [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
  if (servers.some(({ check }) => check === undefined)) {
    leave(
      statement,
      scope,
      'has real servers without a check, which are never taken out; here they are checked by TCP',
    );
  }
  const { vip } = entry;
  const isAcross =
    typeof vip === 'string' && vip.includes(':') && servers.some(({ address }) => !address.includes(':'));
  if (entry['mode'] === 'TUN' && isAcross) entry['outer'] = 4;
  const notify = commonNotify(servers, entry['notify'] as Entry | undefined);
  if (notify !== undefined) entry['notify'] = { ...(entry['notify'] as Entry | undefined), ...notify };
  const check = JSON.parse(common) as Entry | null;
  drop(entry, 'check');
  if (check && JSON.stringify(check) !== '{"tcp":true}') entry['check'] = check;
  else if (entry['protocol'] === 'UDP') entry['check'] = { tcp: true };
  entry['realServers'] = servers.map(({ host, own, check: its }) => {
    const different = its !== undefined && JSON.stringify(its) !== common;
    const more = different ? { ...own, check: its } : own;
    return Object.keys(more).length === 0 ? host : { host, ...more };
  });
  const persistence = entry['persistence'] as Entry | undefined;
  if (persistence && persistence['timeout'] === undefined) persistence['timeout'] = 360;
  if (persistence && Object.keys(persistence).length === 1) entry['persistence'] = persistence['timeout'];
  for (const [path, value] of ours) prune(entry, path, value);
}

/** What is run for every real server alike, which is then a matter of the service, taken away from them; undefined: there is none. */
function commonNotify(servers: readonly Server[], service: Entry | undefined): Entry | undefined {
  const [first, ...others] = servers.map(({ own }) => own['notify'] as Entry | undefined);
  if (first === undefined || (service !== undefined && service['user'] !== first['user'])) return undefined;
  if (others.some((one) => JSON.stringify(one) !== JSON.stringify(first))) return undefined;
  for (const { own } of servers) drop(own, 'notify');
  return first;
}

/** Keeps a service under its name, once for all directors. */
function keep(entry: Entry, wish: string, statement: Statement, scope: Scope): void {
  const { services } = scope.draft;
  const same = [...services].find(([, one]) => keyOf(one) === keyOf(entry));
  if (same) {
    const equal = JSON.stringify(same[1]) === JSON.stringify(entry);
    if (!equal) leave(statement, scope, `differs from that of another director, which counts: ${same[0]}`);
    return;
  }
  const protocol = typeof entry['protocol'] === 'string' ? entry['protocol'].toLowerCase() : 'tcp';
  const { port: at, mark } = entry as { port?: number; mark?: number };
  const plain = mark === undefined ? `${protocol}${at ?? ''}` : `mark${mark}`;
  services.set(nameFor(isName(wish) ? wish : plain, services), entry);
}

function keyOf({ vip, port: at, mark, protocol }: Entry): string {
  return [vip, at, mark, protocol].join(' ');
}

function prune(entry: Entry, path: string, value: unknown): void {
  const found = path.split('.').reduce<unknown>((inner, key) => (inner as Entry | undefined)?.[key], entry);
  if (found === value) drop(entry, path);
}

/** A keyword whose path is inside a part of the entry. */
function under(key: string, keyword: Keyword): Keyword {
  return (statement, entry, scope) => {
    const inner: Entry = {};
    if (!keyword(statement, inner, scope)) return false;
    for (const [name, value] of Object.entries(inner)) put(entry, `${key}.${name}`, value);
    return true;
  };
}

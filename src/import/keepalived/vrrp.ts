import { readAddress, readIp } from '../../inventory/address.ts';
import type { Statement } from '../../keepalived/parse.ts';
import { nameFor, type Draft, type Entry } from '../draft.ts';
import {
  asWritten,
  decimal,
  flag,
  implied,
  leave,
  readBlock,
  set,
  whole,
  word,
  type Keyword,
  type Keywords,
  type Scope,
} from './keyword.ts';
import { notifications } from './program.ts';
import { trackerLists } from './tracker.ts';

/** Each line of the block is a VIP: `ADDRESS[/PREFIX] [dev NIC] [label LABEL] …`. */
const addresses: Keyword = (statement, entry, scope) => {
  const vips = (entry['vips'] ??= []) as unknown[];
  for (const one of statement.block ?? []) {
    const vip = readVip(one, entry);
    if (vip === undefined) leave(one, scope, 'is not an address with dev and label, which is what a VIP can have');
    else vips.push(vip);
  }
  return true;
};

function readVip({ words: [address = '', ...more] }: Statement, instance: Entry): unknown {
  const plain = readIp(address.replace(/\/\d+$/, ''));
  if (!plain.ok) return undefined;
  const least = plain.value.family === 4 ? 32 : 128;
  const read = readAddress(address.includes('/') ? address : `${address}/${least}`);
  if (!read.ok) return undefined;
  const vip: Entry = { address: plain.value.address };
  if (read.value.prefix !== least) vip['prefix'] = read.value.prefix;
  for (let at = 0; at < more.length; at += 2) {
    const [key, value] = [more[at], more[at + 1]];
    if (value === undefined) return undefined;
    if (key === 'dev') {
      if (value !== instance['interface']) vip['interface'] = value;
    } else if (key === 'label') vip['label'] = value;
    else if (key !== 'scope' && key !== 'brd') return undefined;
  }
  return Object.keys(vip).length === 1 ? vip['address'] : vip;
}

const authentication: Keyword = ({ block }, entry, scope) => {
  for (const statement of block ?? []) {
    const [name, value] = statement.words;
    if (name === 'auth_pass' && value !== undefined) entry['authPass'] = value;
    else if (name !== 'auth_type' || value !== 'PASS')
      leave(statement, scope, 'is not served: PASS is, and neither protects anything');
  }
  return true;
};

/** `unicast_src_ip ADDRESS`: the director's own, which nothing else in the file says. */
const unicastSource: Keyword = ({ words: [, address = ''] }, entry, { draft, director }) => {
  if (!readIp(address).ok) return false;
  draft.address(director, address);
  entry['unicast'] = true;
  return true;
};

/** The peers are the other directors. */
const unicastPeers: Keyword = (_statement, entry) => {
  entry['unicast'] = true;
  return true;
};

const routeKeys: Readonly<Record<string, string>> = {
  ...{ to: 'to', via: 'via', gw: 'via', dev: 'interface', src: 'source', metric: 'metric', table: 'table' },
};

/** `[to] NETWORK [via GATEWAY] [dev NIC] [src ADDRESS] [metric N] [table N]` a line. */
const routes: Keyword = (statement, entry, scope) => {
  for (const one of statement.block ?? []) {
    const first = one.words[0] ?? '';
    const words = Object.hasOwn(routeKeys, first) ? one.words : ['to', ...one.words];
    const route = keyed(words, routeKeys, ['metric', 'table']);
    if (route?.['to'] !== undefined) entry['routes'] = [...((entry['routes'] as Entry[] | undefined) ?? []), route];
    else leave(one, scope, 'is not a route with via, dev, src, metric and table, which is what a route can have');
  }
  return true;
};

const ruleKeys: Readonly<Record<string, string>> = {
  ...{ from: 'from', to: 'to', iif: 'interface', dev: 'interface', fwmark: 'mark', table: 'table', lookup: 'table' },
  ...{ preference: 'priority', pref: 'priority', priority: 'priority', order: 'priority' },
};

/** `from NETWORK to NETWORK [iif NIC] [fwmark N] table N [preference N]` a line, in any order. */
const rules: Keyword = (statement, entry, scope) => {
  for (const one of statement.block ?? []) {
    const rule = keyed(one.words, ruleKeys, ['mark', 'table', 'priority']);
    const known = rule?.['table'] !== undefined && (rule['from'] ?? rule['to']) !== undefined;
    if (known) entry['rules'] = [...((entry['rules'] as Entry[] | undefined) ?? []), rule];
    else leave(one, scope, 'is not a rule with from, to, iif, fwmark, preference and the number of a table');
  }
  return true;
};

/** `KEYWORD VALUE` pairs as an entry; undefined: a keyword is not known, or a number is none. */
function keyed(
  words: readonly string[],
  keys: Readonly<Record<string, string>>,
  numbers: readonly string[],
): Entry | undefined {
  const entry: Entry = {};
  for (let at = 0; at < words.length; at += 2) {
    const [name = '', value = ''] = [words[at], words[at + 1]];
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (key === undefined || value === '' || (numbers.includes(key) && !/^\d{1,10}$/.test(value))) return undefined;
    entry[key] = numbers.includes(key) ? Number(value) : value;
  }
  return entry;
}

const wait = whole(0, 86_400);

const instance: Keywords = {
  state: set('state', ([name]) => (name === 'MASTER' || name === 'BACKUP' ? name : undefined)),
  interface: set('interface', word),
  use_vmac: set('vmac', ([name, ...more]) => (more.length > 0 ? undefined : (name ?? true))),
  vmac_xmit_base: implied,
  virtual_router_id: set('vrid', whole(1, 255)),
  priority: set('priority', whole(1, 254)),
  version: set('version', whole(2, 3)),
  advert_int: set('interval', decimal(0.01, 255)),
  down_timer_adverts: set('downTimerAdverts', whole(1, 100)),
  nopreempt: flag('preempt', false),
  preempt: flag('preempt'),
  preempt_delay: set('preemptDelay', whole(0, 1_000)),
  accept: flag('accept'),
  no_accept: flag('accept', false),
  garp_master_delay: set('garp.delay', wait),
  garp_master_repeat: set('garp.repeat', whole(1, 1_000)),
  garp_master_refresh: set('garp.refresh', wait),
  garp_master_refresh_repeat: set('garp.refreshRepeat', whole(1, 1_000)),
  unicast_src_ip: unicastSource,
  mcast_src_ip: ({ words: [, address = ''] }, _entry, { draft, director }) => {
    if (readIp(address).ok) draft.address(director, address);
    return readIp(address).ok;
  },
  unicast_peer: unicastPeers,
  authentication,
  virtual_ipaddress: addresses,
  virtual_ipaddress_excluded: addresses,
  virtual_routes: routes,
  virtual_rules: rules,
  ...trackerLists,
  ...notifications,
  '*': asWritten,
};

/** `vrrp_instance NAME { … }`. */
export const vrrpInstance: Keyword = (statement, _entry, scope) => {
  const { draft, director } = scope;
  const [, written = ''] = statement.words;
  const name = draft.vrrp.has(written) ? written : nameFor(written, new Map());
  if (name !== written) leave(statement, scope, `is called ${name} here`);
  const entry: Entry = {};
  // The NIC comes first: the VIPs are on it unless they say otherwise.
  const block = [...(statement.block ?? [])].sort(
    (a, b) => Number(b.words[0] === 'interface') - Number(a.words[0] === 'interface'),
  );
  readBlock(block, instance, entry, scope);
  const { priority = 100, interface: nic, state, ...rest } = entry;
  const known = draft.vrrp.get(name);
  const merged = known ?? { ...rest, priorities: {}, interfaces: {}, masters: [] };
  if (known === undefined) draft.vrrp.set(name, merged);
  else if (!agree(known, rest)) leave(statement, scope, 'differs from that of another director, which counts');
  (merged['priorities'] as Entry)[director] = priority;
  if (state === 'MASTER') (merged['masters'] as string[]).push(director);
  if (nic !== undefined) (merged['interfaces'] as Entry)[director] = nic;
  return true;
};

/** What is kept of each director until all are known. */
const perDirector = new Set(['priorities', 'interfaces', 'masters']);

/** Whether an instance is the same on another director, but for what may differ between them. */
function agree(known: Entry, found: Entry): boolean {
  const common = Object.entries(known).filter(([key]) => !perDirector.has(key));
  return JSON.stringify(Object.fromEntries(common)) === JSON.stringify(found);
}

/** The members of a sync group, by their names here. */
const members: Keyword = ({ block }, entry) => {
  entry['instances'] = (block ?? []).flatMap(({ words }) => words).map((name) => nameFor(name, new Map()));
  return block !== undefined;
};

const group: Keywords = { group: members, ...trackerLists, ...notifications };

/** `vrrp_sync_group NAME { group { … } }`. */
export const syncGroup: Keyword = (statement, _entry, scope) => {
  const entry: Entry = {};
  readBlock(statement.block ?? [], group, entry, scope);
  const more = Object.keys(entry).length > 1;
  scope.draft.syncGroups.set(nameFor(statement.words[1] ?? '', new Map()), more ? entry : entry['instances']);
  return entry['instances'] !== undefined;
};

/**
 * Makes the priorities and NICs of all directors into what the inventory has for them, once every configuration was read: the
 * first director is the one of the highest priority, and what is the default is not written.
 */
export function finishInstances({ draft }: Pick<Scope, 'draft'>): void {
  const [first] = draft.vrrp.values();
  const order = (first?.['priorities'] ?? {}) as Record<string, number>;
  draft.directors.sort((a, b) => (order[b] ?? 0) - (order[a] ?? 0));
  for (const director of draft.directors) {
    const nic = (first?.['interfaces'] as Entry | undefined)?.[director];
    if (nic !== undefined && nic !== 'eth0') draft.host(director)['interface'] ??= nic;
  }
  for (const entry of draft.vrrp.values()) settle(entry, draft);
}

/** What the inventory has for what is not written. */
const usual: Entry = { interval: 1, preempt: true, preemptDelay: 0, accept: true, version: 2 };

function settle(entry: Entry, draft: Draft): void {
  const { priorities, interfaces, masters } = entry as {
    priorities: Record<string, number>;
    interfaces: Record<string, string>;
    masters: string[];
  };
  for (const key of perDirector) Reflect.deleteProperty(entry, key);
  const byPriority = Object.keys(priorities).sort((a, b) => (priorities[b] ?? 0) - (priorities[a] ?? 0));
  if (masters.length > 0 && masters[0] === byPriority[0]) entry['state'] = 'MASTER';
  if (!draft.directors.every((name, index) => priorities[name] === usualPriority(index)))
    entry['priorities'] = priorities;
  const nicOf = (name: string): unknown => draft.host(name)['interface'] ?? 'eth0';
  const nics = new Set(Object.values(interfaces));
  const [only] = nics;
  if (draft.directors.some((name) => (interfaces[name] ?? 'eth0') !== nicOf(name))) {
    entry['interface'] = nics.size === 1 ? only : interfaces;
  }
  const isFraction = typeof entry['interval'] === 'number' && !Number.isInteger(entry['interval']);
  if (isFraction && entry['version'] === 3) delete entry['version'];
  for (const [key, value] of Object.entries(usual)) if (entry[key] === value) Reflect.deleteProperty(entry, key);
}

/** 150, 100, 90, … as the inventory deals them out. */
function usualPriority(position: number): number {
  if (position === 0) return 150;
  return position <= 10 ? 110 - 10 * position : Math.max(1, 20 - position);
}

import { readAddress, readIp } from '../../inventory/address.ts';
import type { Statement } from '../../keepalived/parse.ts';
import { nameFor, type Entry } from '../draft.ts';
import {
  flag,
  implied,
  leave,
  readBlock,
  seconds,
  set,
  whole,
  word,
  type Keyword,
  type Keywords,
  type Scope,
} from './keyword.ts';

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

const instance: Keywords = {
  // All directors start as BACKUP; the priorities decide.
  state: implied,
  interface: set('interface', word),
  virtual_router_id: set('vrid', whole(1, 255)),
  priority: set('priority', whole(1, 254)),
  advert_int: set('interval', seconds),
  nopreempt: flag('preempt', false),
  preempt: flag('preempt'),
  authentication,
  virtual_ipaddress: addresses,
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
  const { priority = 100, interface: nic, ...rest } = entry;
  const known = draft.vrrp.get(name);
  const merged = known ?? { ...rest, priorities: {}, interfaces: {} };
  if (known === undefined) draft.vrrp.set(name, merged);
  else if (!agree(known, rest)) leave(statement, scope, 'differs from that of another director, which counts');
  (merged['priorities'] as Entry)[director] = priority;
  if (nic !== undefined) (merged['interfaces'] as Entry)[director] = nic;
  return true;
};

/** Whether an instance is the same on another director, but for what may differ between them. */
function agree(known: Entry, found: Entry): boolean {
  const common = Object.entries(known).filter(([key]) => key !== 'priorities' && key !== 'interfaces');
  return JSON.stringify(Object.fromEntries(common)) === JSON.stringify(found);
}

/** `vrrp_sync_group NAME { group { … } }`. */
export const syncGroup: Keyword = (statement, _entry, scope) => {
  const name = nameFor(statement.words[1] ?? '', new Map());
  for (const one of statement.block ?? []) {
    if (one.words[0] !== 'group' || one.block === undefined) {
      leave(one, scope, 'has no counterpart in an inventory');
      continue;
    }
    const members = one.block.flatMap(({ words }) => words).map((member) => nameFor(member, new Map()));
    scope.draft.syncGroups.set(name, members);
  }
  return true;
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
  for (const entry of draft.vrrp.values()) {
    const { priorities, interfaces } = entry as {
      priorities: Record<string, number>;
      interfaces: Record<string, string>;
    };
    delete entry['priorities'];
    delete entry['interfaces'];
    const usual = draft.directors.every((name, index) => priorities[name] === usualPriority(index));
    if (!usual) entry['priorities'] = priorities;
    const ownNic = draft.directors.some(
      (name) => (interfaces[name] ?? 'eth0') !== (draft.host(name)['interface'] ?? 'eth0'),
    );
    const nics = new Set(Object.values(interfaces));
    const [only] = nics;
    if (ownNic) entry['interface'] = nics.size === 1 ? only : interfaces;
    if (entry['interval'] === 1) delete entry['interval'];
    if (entry['preempt'] === true) delete entry['preempt'];
  }
}

/** 150, 100, 90, … as the inventory deals them out. */
function usualPriority(position: number): number {
  if (position === 0) return 150;
  return position <= 10 ? 110 - 10 * position : Math.max(1, 20 - position);
}

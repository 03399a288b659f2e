import { readIp } from '../../inventory/address.ts';
import type { Statement } from '../../keepalived/parse.ts';
import { isEntry, type Draft, type Entry } from '../draft.ts';
import {
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

const milliseconds = decimal(1, 60_000);

const session: Keywords = {
  neighbor_ip: set('neighbor', word),
  neighbour_ip: set('neighbor', word),
  source_ip: ({ words: [, address = ''] }, _entry, { draft, director }) => {
    if (!readIp(address).ok) return false;
    draft.address(director, address);
    return true;
  },
  min_rx: set('minRx', milliseconds),
  min_tx: set('minTx', milliseconds),
  idle_tx: set('idleTx', decimal(1_000, 60_000)),
  multiplier: set('multiplier', whole(1, 255)),
  passive: flag('passive'),
  max_hops: set('maxHops', whole(0, 255)),
  // Who is told of it follows from who watches it.
  vrrp: implied,
  checker: implied,
};

/** What keepalived has for what is not written. */
const defaults: Entry = { minRx: 10, minTx: 10, idleTx: 1_000, multiplier: 5 };

/** What the inventory has. */
const ours: Entry = { minRx: 300, minTx: 300, idleTx: 1_000, multiplier: 3, passive: false, maxHops: 0 };

/** `bfd_instance NAME { … }`: what trackers and checks by this name watch. */
export const bfdInstance: Keyword = ({ words: [, name = ''], block }, _entry, scope) => {
  const entry: Entry = { ...defaults };
  readBlock(block ?? [], session, entry, scope);
  const { neighbor, ...settings } = entry;
  const read = readIp(String(neighbor));
  if (!read.ok) return false;
  for (const [key, value] of Object.entries(ours)) if (settings[key] === value) Reflect.deleteProperty(settings, key);
  scope.draft.sessions.set(name, { neighbor: read.value.address, settings });
  return true;
};

/** What a tracker of a session is in the inventory; undefined: there is no such session. */
export function trackerOfSession(name: string, { sessions }: Draft): Entry | undefined {
  const found = sessions.get(name);
  if (found === undefined) return undefined;
  const plain = Object.keys(found.settings).length === 0;
  return { bfd: plain ? found.neighbor : { neighbor: found.neighbor, ...found.settings } };
}

/** `BFD_CHECK { name SESSION }`: in the inventory the session is always one with the real server itself. */
export const sessionCheck: Keywords = { name: set('bfd.session', word) };

/** Puts the settings of the session into a check that names one. */
export function resolveSession(check: Entry, address: string, statement: Statement, scope: Scope): void {
  if (!isEntry(check['bfd'])) return;
  const found = scope.draft.sessions.get(String(check['bfd']['session']));
  if (found?.neighbor !== address)
    leave(statement, scope, 'is no session with the real server; here it is one, with what it runs');
  const settings = found?.settings ?? {};
  check['bfd'] = Object.keys(settings).length === 0 ? true : settings;
  for (const key of ['interval', 'timeout', 'retries', 'retryDelay']) Reflect.deleteProperty(check, key);
}

import { isEntry, put, type Entry } from '../draft.ts';
import { asWritten, implied, readBlock, seconds, set, whole, type Keyword, type Keywords } from './keyword.ts';

/** `lvs_sync_daemon NIC [INSTANCE] [inst INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]`. */
const syncDaemon: Keyword = ({ words: [, nic = '', ...more] }, entry, { director, draft }) => {
  const daemon: Entry = {};
  const rest = [...more];
  if (rest.length > 0 && !/^(inst|id|port|ttl|group|maxlen)$/.test(rest[0] ?? '')) rest.unshift('inst');
  for (let at = 0; at < rest.length; at += 2) {
    const [key, value = ''] = [rest[at], rest[at + 1]];
    if (key === 'inst') daemon['instance'] = value;
    else if (key === 'id') daemon['id'] = Number(value);
    else if (key === 'port') daemon['port'] = Number(value);
    else if (key === 'ttl') daemon['ttl'] = Number(value);
    else if (key === 'group') daemon['group'] = value;
    else return false;
  }
  daemon['instance'] ??= false;
  for (const [key, value] of [
    ['id', 1],
    ['port', 8848],
    ['ttl', 1],
    ['group', '224.0.0.81'],
  ] as const) {
    if (daemon[key] === value) Reflect.deleteProperty(daemon, key);
  }
  if (nic !== (draft.host(director)['interface'] ?? 'eth0')) daemon['interface'] = nic;
  put(entry, 'ipvs.syncDaemon', daemon);
  return true;
};

/** `lvs_timeouts [tcp N] [tcpfin N] [udp N]`. */
const timeouts: Keyword = ({ words: [, ...rest] }, entry) => {
  const names: Readonly<Record<string, string>> = { tcp: 'tcp', tcpfin: 'tcpFin', udp: 'udp' };
  for (let at = 0; at < rest.length; at += 2) {
    const name = names[rest[at] ?? ''];
    const value = whole(1, 2_678_400)([rest[at + 1] ?? '']);
    if (name === undefined || value === undefined) return false;
    put(entry, `ipvs.timeouts.${name}`, value);
  }
  return true;
};

/** `script_user USER [GROUP]`: the one of keepalived's own trackers and checks, and of notify programs that name none. */
const scriptUser: Keyword = ({ words: [, user, ...more] }, entry, { draft }) => {
  if (user === undefined || more.length > 0) return false;
  draft.scriptUser = user;
  if (user !== 'nobody') put(entry, 'keepalived.scriptUser', user);
  return true;
};

/** A line of `global_defs` that the inventory has no key for. */
const further: Keyword = (statement, entry, scope) => {
  const keepalived = (entry['keepalived'] ??= {}) as Entry;
  // The second director says the same again.
  const line = statement.words.join(' ');
  return (
    ((keepalived['extra'] as string[] | undefined) ?? []).includes(line) || asWritten(statement, keepalived, scope)
  );
};

const globals: Keywords = {
  router_id: implied,
  vrrp_garp_master_delay: set('keepalived.garp.delay', whole(0, 86_400)),
  vrrp_garp_master_repeat: set('keepalived.garp.repeat', whole(1, 1_000)),
  vrrp_garp_master_refresh: (statement, entry, scope) =>
    statement.words[1] === '60' || set('keepalived.garp.refresh', whole(0, 86_400))(statement, entry, scope),
  vrrp_garp_master_refresh_repeat: set('keepalived.garp.refreshRepeat', whole(1, 1_000)),
  vrrp_startup_delay: set('keepalived.startupDelay', seconds),
  script_user: scriptUser,
  enable_script_security: implied,
  // It forbids unicast adverts and passwords, and lets a VIP drop what is sent to it.
  vrrp_strict: () => false,
  '*': further,
  lvs_sync_daemon: syncDaemon,
  lvs_timeouts: timeouts,
  lvs_flush: set('ipvs.flush', (words) => (words.length === 0 ? true : undefined)),
  lvs_flush_on_stop: set('ipvs.flushOnStop', (words) => (words.length === 0 ? true : undefined)),
};

/** `global_defs { … }`. */
export const globalDefs: Keyword = ({ block }, _entry, scope) => {
  const { top } = scope.draft;
  readBlock(block ?? [], globals, top, scope);
  if (isEntry(top['keepalived']) && Object.keys(top['keepalived']).length === 0) delete top['keepalived'];
  return true;
};

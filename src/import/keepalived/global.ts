import { put, type Entry } from '../draft.ts';
import { implied, impliedAs, readBlock, set, whole, type Keyword, type Keywords } from './keyword.ts';

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

const globals: Keywords = {
  router_id: implied,
  vrrp_garp_master_refresh: impliedAs('60'),
  script_user: impliedAs('nobody'),
  enable_script_security: implied,
  lvs_sync_daemon: syncDaemon,
  lvs_timeouts: timeouts,
  lvs_flush: set('ipvs.flush', (words) => (words.length === 0 ? true : undefined)),
  lvs_flush_on_stop: set('ipvs.flushOnStop', (words) => (words.length === 0 ? true : undefined)),
};

/** `global_defs { … }`. */
export const globalDefs: Keyword = ({ block }, _entry, scope) => {
  readBlock(block ?? [], globals, scope.draft.top, scope);
  return true;
};

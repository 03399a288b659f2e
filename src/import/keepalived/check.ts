import type { Statement } from '../../keepalived/parse.ts';
import { put, type Entry } from '../draft.ts';
import {
  commandWords,
  flag,
  implied,
  leave,
  port,
  readBlock,
  seconds,
  set,
  whole,
  word,
  type Keyword,
  type Keywords,
  type Scope,
} from './keyword.ts';

import { sessionCheck } from './bfd.ts';
import { localScript } from './program.ts';

/** What every checker that connects may say; keepalived has them for a whole virtual server or real server as well. */
export const timing: Keywords = {
  delay_loop: set('interval', seconds),
  connect_timeout: set('timeout', seconds),
  retry: set('retries', whole(0, 100)),
  nb_get_retry: set('retries', whole(0, 100)),
  delay_before_retry: set('retryDelay', seconds),
  warmup: implied,
};

const connection: Keywords = {
  ...timing,
  connect_ip: set('address', word),
  connect_port: set('port', port),
};

/** Codes and ranges of codes; one by itself is written without a list. */
const statuses = (words: readonly string[]): unknown => {
  const codes = words.map((text) =>
    /^\d{3}$/.test(text) ? Number(text) : /^\d{3}-\d{3}$/.test(text) ? text : undefined,
  );
  return codes.includes(undefined) ? undefined : codes.length === 1 ? codes[0] : codes;
};

const urls: Keywords = {
  path: set('path', word),
  status_code: set('status', statuses),
  digest: set('digest', word),
  virtualhost: set('virtualHost', word),
  regex: set('regex', word),
  regex_no_match: flag('inverted'),
};

/** `url { … }`: the first one counts. */
function url(kind: 'http' | 'https'): Keyword {
  return (statement, entry, scope) => {
    if (entry[kind] !== undefined || statement.block === undefined) return false;
    const { path = '/', inverted, regex, ...rest } = read(statement.block, urls, {}, scope);
    entry[kind] = path;
    // Without a status any success is sound: keepalived.conf(5), status_code.
    if (rest['status'] === undefined && rest['digest'] === undefined && regex === undefined) rest['status'] = '200-299';
    if (regex !== undefined) rest[inverted === true ? 'regexNot' : 'regex'] = regex;
    Object.assign(entry, rest);
    return true;
  };
}

const web: Keywords = { ...connection, virtualhost: set('virtualHost', word), http_protocol: implied };

/** A command of keepalived's; what we shipped goes back to a file beside the inventory. */
const miscPath: Keyword = (statement, entry, scope) => {
  const [script = '', ...args] = commandWords(statement.words.slice(1));
  if (script === '') return false;
  const ours = localScript(script);
  put(entry, 'misc.script', ours ?? script.slice(script.lastIndexOf('/') + 1));
  // What we render has the address and the port of the real server as its first two arguments.
  const further = ours === undefined ? args : args.slice(2);
  if (further.length > 0) put(entry, 'misc.args', further);
  if (ours === undefined)
    leave(
      statement,
      scope,
      `copy ${script} from ${scope.director} beside the inventory; it is called with the address and the port of the real server before its other arguments`,
    );
  return true;
};

/** What the number in the file is multiplied by; 0: any number but 0 takes the real server out, as without it. */
const fileWeight: Keyword = (statement, entry, scope) =>
  statement.words[1] === '0' ||
  set('file.weight', ([text = '']) => (/^-?\d{1,3}$/.test(text) ? Number(text) : undefined))(statement, entry, scope);

/** The checkers of a real server: what they are called, what they are by default, what they may say. */
const checkers: Readonly<Record<string, { readonly start: Entry; readonly keywords: Keywords }>> = {
  TCP_CHECK: { start: { tcp: true }, keywords: connection },
  HTTP_GET: { start: { retryDelay: 3 }, keywords: { ...web, url: url('http') } },
  SSL_GET: { start: { retryDelay: 3, sni: false }, keywords: { ...web, url: url('https'), enable_sni: flag('sni') } },
  SMTP_CHECK: { start: { smtp: true }, keywords: { ...connection, helo_name: set('smtp', word) } },
  DNS_CHECK: {
    start: { dns: '.', retries: 3 },
    keywords: { ...connection, type: set('type', word), name: set('dns', word) },
  },
  UDP_CHECK: {
    start: { udp: true },
    keywords: {
      ...connection,
      payload: set('udp.payload', word),
      require_reply: set('udp.reply', (words) => (words.length === 0 ? true : words.join(' '))),
    },
  },
  PING_CHECK: { start: { ping: true }, keywords: connection },
  FILE_CHECK: { start: {}, keywords: { track_file: set('file.path', word), weight: fileWeight } },
  BFD_CHECK: { start: {}, keywords: sessionCheck },
  MISC_CHECK: {
    start: { retries: 0 },
    keywords: {
      ...timing,
      misc_path: miscPath,
      misc_timeout: set('misc.timeout', seconds),
      misc_dynamic: flag('misc.dynamic'),
      user: set('misc.user', word),
    },
  },
};

/** Whether a statement is a checker. */
export function isChecker({ words: [name = ''] }: Statement): boolean {
  return Object.hasOwn(checkers, name);
}

/** The check that a checker makes, with the defaults that keepalived has and those that its virtual server sets. */
export function readCheck(statement: Statement, inherited: Entry, scope: Scope): Entry {
  const checker = checkers[statement.words[0] ?? ''];
  if (checker === undefined) return {};
  const entry: Entry = {
    interval: 60,
    timeout: 5,
    retries: 1,
    retryDelay: 1,
    ...structuredClone(checker.start),
    ...inherited,
  };
  if ('udp' in entry && isUdpDetailed(statement)) entry['udp'] = {};
  const check = read(statement.block ?? [], checker.keywords, entry, scope);
  const script = check['misc'];
  for (const [key, unconnected] of [
    ['timeout', check['misc'] ?? check['file']],
    ['retries', check['file']],
    ['retryDelay', check['file']],
  ] as const) {
    if (unconnected !== undefined) Reflect.deleteProperty(check, key);
  }
  if (isPlain(script)) check['misc'] = script['script'];
  if (check['sni'] === (check['virtualHost'] !== undefined)) Reflect.deleteProperty(check, 'sni');
  return check;
}

function isUdpDetailed({ block }: Statement): boolean {
  return (block ?? []).some(({ words: [name] }) => name === 'payload' || name === 'require_reply');
}

/** A script of which nothing but its name is said. */
function isPlain(script: unknown): script is Entry {
  return typeof script === 'object' && script !== null && Object.keys(script).join() === 'script';
}

function read(statements: readonly Statement[], keywords: Keywords, entry: Entry, scope: Scope): Entry {
  readBlock(statements, keywords, entry, scope);
  return entry;
}

import type { ConfigNode, SshConfig } from './config.ts';
import { matchList } from './pattern.ts';

/** What of an OpenSSH configuration lvsctl heeds for one host; undefined where it says nothing. */
export interface Settings {
  readonly hostName: string | undefined;
  readonly user: string | undefined;
  readonly port: string | undefined;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  readonly identityAgent: string | undefined;
  readonly hostKeyAlias: string | undefined;
  /** ProxyJump or ProxyCommand, whichever comes first in the files, as ssh_config(5) says. */
  readonly proxy: { readonly kind: 'jump' | 'command'; readonly value: string } | undefined;
}

/** Whom the configuration is asked about. */
export interface Query {
  /** Names of the one host, the operator's own first. A Host line applies when it takes any of them and refuses none. */
  readonly names: readonly string[];
  /** The user that was given before the configuration is looked at. */
  readonly user: string | undefined;
  readonly localUser: string;
}

/**
 * The settings of a host: lines apply from the top, and the first to set a value wins (ssh_config(5)). `Match exec` never
 * applies: nothing is run to find out how to log in. HostName counts only where a Host or Match line other than `*` and `all`
 * gives it: a general pattern such as `HostName %h.example.org` must not outdo the address that the inventory gives.
 */
export function settingsOf(config: SshConfig, query: Query): Settings {
  const found: Found = { values: new Map(), identityFiles: [], final: false, wantsFinal: false };
  apply(config.nodes, { active: true, specific: false }, query, found);
  if (found.wantsFinal) {
    found.final = true;
    apply(config.nodes, { active: true, specific: false }, query, found);
  }
  const { values } = found;
  const proxy = values.get('proxy');
  return {
    hostName: values.get('hostname'),
    user: values.get('user'),
    port: values.get('port'),
    identityFiles: [...new Set(found.identityFiles)],
    identitiesOnly: /^(yes|true)$/i.test(values.get('identitiesonly') ?? 'no'),
    identityAgent: values.get('identityagent'),
    hostKeyAlias: values.get('hostkeyalias'),
    proxy:
      proxy === undefined
        ? undefined
        : { kind: proxy.startsWith('jump ') ? 'jump' : 'command', value: proxy.replace(/^(jump|command) /, '') },
  };
}

interface Found {
  readonly values: Map<string, string>;
  readonly identityFiles: string[];
  /** The second pass over the files, for `Match final`. */
  final: boolean;
  wantsFinal: boolean;
}

interface Scope {
  readonly active: boolean;
  readonly specific: boolean;
}

function apply(nodes: readonly ConfigNode[], outer: Scope, query: Query, found: Found): void {
  let scope = outer;
  for (const node of nodes) {
    switch (node.kind) {
      case 'host':
        scope = {
          active: outer.active && takes(node.patterns, query.names),
          specific: outer.specific || node.patterns.some((pattern) => pattern !== '*' && !pattern.startsWith('!')),
        };
        break;
      case 'match':
        scope = {
          active: outer.active && matches(node.criteria, query, found),
          specific: outer.specific || node.criteria.some((word) => /^!?(host|originalhost)$/i.test(word)),
        };
        break;
      case 'include':
        if (scope.active) apply(node.nodes, scope, query, found);
        break;
      case 'set':
        if (scope.active) set(node.key, node.value, scope, found);
        break;
    }
  }
}

function set(key: string, value: string, scope: Scope, found: Found): void {
  if (key === 'identityfile') found.identityFiles.push(value);
  else if (key === 'proxyjump' || key === 'proxycommand') first('proxy', `${key.slice('proxy'.length)} ${value}`);
  else if (key !== 'hostname' || scope.specific) first(key, value);

  function first(name: string, text: string): void {
    if (!found.values.has(name)) found.values.set(name, text);
  }
}

function takes(patterns: readonly string[], names: readonly string[]): boolean {
  const verdicts = names.map((name) => matchList(patterns, name));
  return verdicts.includes('yes') && !verdicts.includes('refused');
}

function matches(criteria: readonly string[], query: Query, found: Found): boolean {
  const words = [...criteria];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const negated = word.startsWith('!');
    const name = word.replace(/^!/, '').toLowerCase();
    const list = /^(all|canonical|final)$/.test(name) ? [] : (words.shift() ?? '').split(',');
    const holds = criterion(name, list, query, found);
    if (holds === undefined || holds === negated) return false;
  }
  return true;
}

/** Undefined: a criterion that is not evaluated here (exec, localnetwork, tagged, …), so that its block does not apply either way. */
function criterion(name: string, list: readonly string[], query: Query, found: Found): boolean | undefined {
  const hostName = found.values.get('hostname');
  switch (name) {
    case 'all':
      return true;
    case 'canonical':
      return false;
    case 'final':
      found.wantsFinal = true;
      return found.final;
    case 'host':
      return takes(list, hostName === undefined ? query.names : [hostName]);
    case 'originalhost':
      return takes(list, query.names);
    case 'user':
      return takes(list, [query.user ?? found.values.get('user') ?? query.localUser]);
    case 'localuser':
      return takes(list, [query.localUser]);
    default:
      return undefined;
  }
}

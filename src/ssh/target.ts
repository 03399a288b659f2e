import { join } from 'node:path';
import type { Become, Host } from '../inventory/cluster.ts';
import { err, ok, type Result } from '../result.ts';
import type { SshConfig } from './config.ts';
import type { ConnectFailure } from './connection.ts';
import { settingsOf, type Settings } from './settings.ts';

/** One sshd to log in to: a host, or a bastion on the way to it. */
export interface Endpoint {
  /** The inventory's name of a host, or the name a bastion was given. */
  readonly name: string;
  /** Name or address to connect to. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Key files to offer, in this order; `named` ones were asked for explicitly, the others are OpenSSH's defaults. */
  readonly identities: readonly Identity[];
  /** Offer no agent key that is not one of `identities`. */
  readonly identitiesOnly: boolean;
  /** Socket of the agent. */
  readonly agent: string | undefined;
  /** What the host key is looked up under, as written in known_hosts; the first that is there decides, and is recorded under. */
  readonly knownHostsNames: readonly string[];
  /** Seconds for connecting and logging in. */
  readonly connectTimeout: number;
}

/** A private key file. */
export interface Identity {
  /** Absolute path. */
  readonly file: string;
  /** `required`: the inventory or LVSCTL_IDENTITY names it; `configured`: ~/.ssh/config does; `default`: nobody does. */
  readonly source: 'required' | 'configured' | 'default';
}

/** A host, how to reach it and how to become root there. */
export interface Target extends Endpoint {
  /** Bastions, the one nearest to here first. */
  readonly jumps: readonly Endpoint[];
  readonly become: Become;
}

/** What the operator's side adds: home folder, user name, environment. */
export interface LocalSide {
  readonly home: string;
  readonly user: string;
  /** SSH_AUTH_SOCK */
  readonly agent: string | undefined;
  /** LVSCTL_IDENTITY: the one key to use everywhere. */
  readonly identity: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const defaultIdentities = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * How to reach and log in to a host: the inventory's word goes before that of the OpenSSH configuration, and that before
 * OpenSSH's defaults. The configuration is asked about the host's name and address together, so that both `Host lb1` and
 * `Host 10.77.0.*` apply, in the order of the file. The address is `ssh.host` of the inventory, else a HostName that the
 * configuration gives this very host, else the inventory's address.
 */
export function resolveTarget(host: Host, config: SshConfig, local: LocalSide): Result<Target, ConnectFailure> {
  const { ssh } = host;
  const primary = host.addresses[0]?.address ?? host.name;
  const names = [...new Set([host.name, ssh.host, primary].filter((name) => name !== undefined))];
  const settings = settingsOf(config, { names, user: ssh.user, localUser: local.user });
  const alias = ssh.host === undefined ? settings : ask(config, ssh.host, ssh.user, local);
  const base = ssh.host ?? primary;
  const given = ssh.identityFile === undefined ? [] : [{ file: ssh.identityFile, source: 'required' as const }];
  const endpoint = toEndpoint(settings, local, {
    name: host.name,
    address: alias.hostName === undefined ? base : expandHostName(alias.hostName, base),
    user: ssh.user,
    port: ssh.port,
    identities: given,
    connectTimeout: ssh.connectTimeout,
    alsoKnownAs: host.name,
  });
  if (!endpoint.ok) return fail(host.name, endpoint.error);
  const proxy = ssh.proxyJump === undefined ? settings.proxy : { kind: 'jump' as const, value: ssh.proxyJump };
  const jumps = resolveJumps(proxy, config, local, {
    identities: given,
    connectTimeout: ssh.connectTimeout,
    owner: { names, port: endpoint.value.port },
    seen: [],
  });
  if (!jumps.ok) return fail(host.name, jumps.error);
  return ok({ ...endpoint.value, jumps: jumps.value, become: host.become });
}

/** What known_hosts calls a host: `[address]:port` unless the port is 22 (sshd(8)). */
function knownHostsName(address: string, port: number): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

interface Problem {
  readonly detail: string;
  readonly hint: string;
}

interface Given {
  readonly name: string;
  readonly address: string;
  readonly user: string | undefined;
  readonly port: number | undefined;
  readonly identities: readonly Identity[];
  readonly connectTimeout: number;
  readonly alsoKnownAs: string | undefined;
}

interface JumpContext {
  readonly identities: readonly Identity[];
  readonly connectTimeout: number;
  /** What is to be reached. */
  readonly owner: { readonly names: readonly string[]; readonly port: number };
  /** Whose bastions led here. */
  readonly seen: readonly string[];
}

/** NaN when it is no number. */
function portOf(settings: Settings): number {
  return settings.port === undefined ? 22 : Number(settings.port);
}

function ask(config: SshConfig, name: string, user: string | undefined, local: LocalSide): Settings {
  return settingsOf(config, { names: [name], user, localUser: local.user });
}

function toEndpoint(settings: Settings, local: LocalSide, given: Given): Result<Endpoint, Problem> {
  const port = given.port ?? portOf(settings);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return err({
      detail: `${String(settings.port)} is not a port`,
      hint: 'correct Port in the ssh configuration (1 to 65535)',
    });
  const user = given.user ?? settings.user ?? local.user;
  const tokens = { h: given.address, n: given.name, p: String(port), r: user, d: local.home, u: local.user };
  const configured = settings.identityFiles
    .filter((file) => file.toLowerCase() !== 'none')
    .map((file) => ({ file: expandPath(file, tokens, local), source: 'configured' as const }));
  const named = [...given.identities, ...configured];
  const defaults = defaultIdentities.map((file) => ({
    file: join(local.home, '.ssh', file),
    source: 'default' as const,
  }));
  const alias = settings.hostKeyAlias?.toLowerCase();
  return ok({
    name: given.name,
    address: given.address,
    port,
    user,
    identities:
      local.identity !== undefined
        ? [{ file: local.identity, source: 'required' }]
        : named.length > 0 || settings.identityFiles.length > 0
          ? named
          : defaults,
    identitiesOnly: settings.identitiesOnly || local.identity !== undefined,
    agent: agentOf(settings.identityAgent, tokens, local),
    knownHostsNames:
      alias === undefined
        ? [...new Set([given.address, given.alsoKnownAs ?? given.address].map((name) => knownHostsName(name, port)))]
        : [alias],
    connectTimeout: given.connectTimeout,
  });
}

/** ssh_config(5) ProxyJump. The first hop may be reached by a ProxyJump of its own, the later ones go through the one before. */
function resolveJumps(
  proxy: Settings['proxy'],
  config: SshConfig,
  local: LocalSide,
  context: JumpContext,
): Result<readonly Endpoint[], Problem> {
  if (proxy === undefined || proxy.value.toLowerCase() === 'none') return ok([]);
  if (proxy.kind === 'command')
    return err({
      detail: 'the ssh configuration gives a ProxyCommand, which lvsctl does not run',
      hint: 'say ProxyJump instead',
    });
  const hops: Hop[] = [];
  for (const word of proxy.value.split(',')) {
    const hop = parseHop(word.trim());
    if (hop === undefined)
      return err({
        detail: `ProxyJump "${word.trim()}" is not [user@]host[:port]`,
        hint: 'correct it; several hops are separated by commas',
      });
    hops.push(hop);
  }
  const looked = hops.map((hop) => {
    const settings = ask(config, hop.name, hop.user, local);
    return { ...hop, settings, port: hop.port ?? portOf(settings) };
  });
  // `Host *` with a ProxyJump is said of the bastion too: nothing is reached through itself.
  if (looked.some(({ name, port }) => port === context.owner.port && context.owner.names.includes(name))) return ok([]);
  const jumps: Endpoint[] = [];
  for (const [index, { name, user, port, settings }] of looked.entries()) {
    const place = `${name}:${port}`;
    if (context.seen.includes(place))
      return err({ detail: `the ProxyJump of ${name} leads back to itself`, hint: 'break the circle' });
    if (index === 0) {
      const seen = [...context.seen, place];
      const before = resolveJumps(settings.proxy, config, local, { ...context, owner: { names: [name], port }, seen });
      if (!before.ok) return before;
      jumps.push(...before.value);
    }
    const endpoint = toEndpoint(settings, local, {
      name,
      address: settings.hostName === undefined ? name : expandHostName(settings.hostName, name),
      user,
      port,
      identities: settings.identityFiles.length > 0 ? [] : context.identities,
      connectTimeout: context.connectTimeout,
      alsoKnownAs: undefined,
    });
    if (!endpoint.ok) return endpoint;
    jumps.push(endpoint.value);
  }
  return ok(jumps);
}

interface Hop {
  readonly name: string;
  readonly user: string | undefined;
  readonly port: number | undefined;
}

function parseHop(word: string): Hop | undefined {
  const groups =
    /^(?:ssh:\/\/)?(?:(?<user>[^@\s]+)@)?(?:\[(?<v6>[^\]\s]+)\]|(?<host>[^:@\s[\]]+))(?::(?<port>\d{1,5}))?\/?$/.exec(
      word,
    )?.groups;
  const name = groups?.['v6'] ?? groups?.['host'];
  if (name === undefined) return undefined;
  const port = groups?.['port'];
  return { name, user: groups?.['user'], port: port === undefined ? undefined : Number(port) };
}

function agentOf(
  setting: string | undefined,
  tokens: Readonly<Record<string, string>>,
  local: LocalSide,
): string | undefined {
  if (setting === undefined || setting === 'SSH_AUTH_SOCK') return local.agent;
  if (setting.toLowerCase() === 'none') return undefined;
  return /^\$\w+$/.test(setting) ? local.env[setting.slice(1)] : expandPath(setting, tokens, local);
}

function expandHostName(hostName: string, given: string): string {
  return expandTokens(hostName, { h: given });
}

/** `~/`, %-tokens and `${VARIABLE}`; what is relative counts from the current folder, as for OpenSSH. */
function expandPath(path: string, tokens: Readonly<Record<string, string>>, local: LocalSide): string {
  const home = path === '~' || path.startsWith('~/') ? join(local.home, path.slice(1)) : path;
  return expandTokens(home, tokens).replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => local.env[name] ?? whole);
}

function expandTokens(text: string, tokens: Readonly<Record<string, string>>): string {
  return text.replaceAll(/%(.)/g, (whole, token: string) => (token === '%' ? '%' : (tokens[token] ?? whole)));
}

function fail(host: string, problem: Problem): Result<never, ConnectFailure> {
  return err({ reason: 'unreachable', host, ...problem });
}

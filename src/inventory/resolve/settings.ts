import { isAbsolute, join, resolve } from 'node:path';
import type { Become, Host, SshSettings } from '../cluster.ts';
import { expandRanges } from '../range.ts';
import type { Written } from '../schema.ts';
import type { Context } from './context.ts';

type Login = NonNullable<Written['ssh']>;
type Group = NonNullable<Written['groups']>[string];
type Layer = Omit<Written['hosts'][string], 'address' | 'address6' | 'interfaces'> | Group;

/** What holds for the hosts of one key that are in the same groups. */
interface Settings extends Pick<Host, 'platform' | 'interface' | 'become' | 'packages' | 'sysctl' | 'vars'> {
  readonly ssh: SshSettings;
  /** What to connect to, for each host of the key; empty: its address. */
  readonly sshHosts: readonly string[];
}

/**
 * Gives the settings of a host by precedence: its own, then those of its groups (a group further down in the file before one
 * further up), then those of the top. `ssh`, `packages`, `sysctl` and `vars` are merged key by key.
 */
export function settingsOf(written: Written, context: Context) {
  const known = new Map<string, Settings>();
  return (key: string, groups: readonly string[], count: number): Settings => {
    const id = [key, ...groups].join('\n');
    const before = known.get(id);
    if (before !== undefined) return before;
    const own: Layer = written.hosts[key] ?? {};
    const layers: Layer[] = [written, ...groups.map((name): Layer => written.groups?.[name] ?? {}), own];
    const merged = merge(layers, context);
    const settings = { ...merged, sshHosts: sshHostsOf(key, written, count, context) };
    known.set(id, settings);
    return settings;
  };
}

function merge(layers: readonly Layer[], context: Context): Omit<Settings, 'sshHosts'> {
  const login: Login = Object.assign({}, ...layers.map(({ ssh }) => ssh ?? {})) as Login;
  const last = <K extends 'become' | 'interface' | 'platform'>(key: K) =>
    layers.findLast((layer) => layer[key] !== undefined)?.[key];
  const packages = Object.assign({}, ...layers.map((layer) => layer.packages ?? {})) as Record<
    string,
    'present' | 'absent'
  >;
  const sysctl = Object.assign({}, ...layers.map((layer) => layer.sysctl ?? {})) as Record<string, string | number>;
  return {
    platform: last('platform') ?? 'debian',
    interface: last('interface') ?? 'eth0',
    become: last('become') ?? defaultBecome(login.user),
    packages: Object.entries(packages).map(([name, state]) => ({ name, state })),
    sysctl: Object.fromEntries(Object.entries(sysctl).map(([name, value]) => [name, String(value)])),
    vars: Object.assign({}, ...layers.map(({ vars }) => vars ?? {})) as Record<string, unknown>,
    ssh: {
      host: undefined,
      user: login.user,
      port: login.port,
      identityFile: login.identityFile === undefined ? undefined : localFile(login.identityFile, context),
      proxyJump: login.proxyJump,
      connectTimeout: login.connectTimeout ?? 10,
    },
  };
}

function defaultBecome(user: string | undefined): Become {
  return user === undefined || user === 'root' ? 'none' : 'sudo';
}

/** An absolute path on the operator's machine: `~/` is the home folder, and the rest is relative to the inventory. */
export function localFile(path: string, context: Context): string {
  if (isAbsolute(path)) return path;
  const home = context.around.env['HOME'];
  if (home !== undefined && (path === '~' || path.startsWith('~/'))) return join(home, path.slice(1));
  return resolve(context.folder, path);
}

function sshHostsOf(key: string, written: Written, count: number, context: Context): readonly string[] {
  const text = written.hosts[key]?.ssh?.host;
  if (text === undefined) return [];
  const path = ['hosts', key, 'ssh', 'host'];
  const expanded = expandRanges(text);
  if (!expanded.ok) context.report('range', path, expanded.error);
  else if (expanded.value.length === count) return expanded.value;
  else
    context.report(
      'range',
      path,
      `${count} hosts here, but ${expanded.value.length} to connect to`,
      'the ranges go in step: as many of each',
    );
  return [];
}

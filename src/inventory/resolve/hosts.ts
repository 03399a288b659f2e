import { readAddress } from '../address.ts';
import type { Host, HostAddress } from '../cluster.ts';
import { expandRanges, mostNames } from '../range.ts';
import type { Written } from '../schema.ts';
import { hostName } from '../schema/text.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { resolveGroups } from './groups.ts';
import { settingsOf } from './settings.ts';

type WrittenHost = Written['hosts'][string];

/** A host's name and where it was written, before its settings are known. */
interface Named {
  readonly name: string;
  readonly key: string;
  /** Its number among the hosts of its key, and how many they are. */
  readonly at: number;
  readonly of: number;
}

/** What the inventory says about hosts and groups. */
export interface Hosts {
  readonly hosts: readonly Host[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** Expands the hosts, resolves the groups, and gives each host its addresses and settings. */
export function resolveHosts(written: Written, context: Context): Hosts {
  const named = expandHosts(written, context);
  const positions = new Map(named.map(({ name }, n) => [name, n]));
  context.knows(positions, new Map());
  const groups = resolveGroups(written.groups ?? {}, positions, context);
  context.knows(positions, groups);
  const groupsOf = new Map<string, string[]>();
  for (const [group, members] of groups) {
    for (const name of members) {
      const known = groupsOf.get(name);
      if (known === undefined) groupsOf.set(name, [group]);
      else known.push(group);
    }
  }
  const settings = settingsOf(written, context);
  const addresses = new Map(Object.entries(written.hosts).map(([key, body]) => [key, addressesOf(key, body, context)]));
  const hosts = named.map(({ name, key, at, of }): Host => {
    const memberOf = groupsOf.get(name) ?? [];
    const { ssh, sshHosts, interface: nic, ...rest } = settings(key, memberOf, of);
    const own = addresses.get(key) ?? [];
    return {
      name,
      groups: memberOf,
      interface: nic,
      addresses: own.flatMap(({ nic: further, list, path }, n) => {
        const address = list[at];
        context.link(['hosts', name, 'addresses', n], path);
        return address === undefined ? [] : [{ interface: further ?? nic, ...address }];
      }),
      ssh: { ...ssh, host: sshHosts[at] },
      ...rest,
    };
  });
  return { hosts, groups: Object.fromEntries(groups) };
}

function expandHosts(written: Written, context: Context): Named[] {
  const named: Named[] = [];
  const seen = new Map<string, string>();
  for (const key of Object.keys(written.hosts)) {
    const path = ['hosts', key];
    const expanded = expandRanges(key);
    if (!expanded.ok) {
      context.report('range', path, expanded.error, undefined, 'key');
      continue;
    }
    if (named.length + expanded.value.length > mostNames) {
      context.report('range', path, `the inventory has more than ${mostNames} hosts`, undefined, 'key');
      break;
    }
    for (const [at, name] of expanded.value.entries()) {
      const fault =
        nameFault(name) ??
        (seen.has(name) ? `host ${name} is there twice, here and as "${seen.get(name) ?? ''}"` : undefined);
      if (fault !== undefined) {
        context.report(seen.has(name) ? 'duplicate' : 'name', path, fault, undefined, 'key');
        break;
      }
      seen.set(name, key);
      if (name !== key) context.link(['hosts', name], path);
      named.push({ name, key, at, of: expanded.value.length });
    }
  }
  return named;
}

function nameFault(name: string): string | undefined {
  if (reserved.has(name) || name in {}) return `"${name}" has a meaning of its own and cannot be a host's name`;
  const checked = hostName.safeParse(name);
  return checked.success ? undefined : checked.error.issues[0]?.message;
}

const reserved = new Set(['all', 'operator', 'ungrouped']);

/** One written address, expanded: as many as the hosts of the key, or none if it is no good. */
interface Expanded {
  /** undefined: the host's service interface, which its groups may name. */
  readonly nic: string | undefined;
  readonly list: readonly Omit<HostAddress, 'interface'>[];
  readonly path: Path;
}

function addressesOf(key: string, body: WrittenHost, context: Context): Expanded[] {
  const names = expandRanges(key);
  const count = names.ok ? names.value.length : 0;
  const path = ['hosts', key];
  const all: Expanded[] = [];
  const add = (nic: string | undefined, text: string | undefined, at: Path) => {
    if (text !== undefined && count > 0) all.push({ nic, list: readExpanded(text, count, at, context), path: at });
  };
  add(undefined, body.address, [...path, 'address']);
  add(undefined, body.address6, [...path, 'address6']);
  if (body.address === undefined && body.address6 === undefined) {
    context.report(
      'address',
      path,
      `${key} has no address`,
      'write address: 10.77.0.11, with [11:13] for as many hosts',
      'key',
    );
  }
  if (body.address6 !== undefined && !body.address6.includes(':')) {
    context.report('address', [...path, 'address6'], `address6 is for IPv6, and "${body.address6}" is not`);
  }
  for (const [nic, texts] of Object.entries(body.interfaces ?? {})) {
    const at = [...path, 'interfaces', nic];
    if (typeof texts === 'string') add(nic, texts, at);
    else
      texts.forEach((text, n) => {
        add(nic, text, [...at, n]);
      });
  }
  return all;
}

function readExpanded(text: string, count: number, path: Path, context: Context): Expanded['list'] {
  const expanded = expandRanges(text);
  if (!expanded.ok) {
    context.report('range', path, expanded.error);
    return [];
  }
  if (expanded.value.length !== count) {
    const message = `${count} ${count === 1 ? 'host' : 'hosts'} here, but ${expanded.value.length} ${expanded.value.length === 1 ? 'address' : 'addresses'}`;
    context.report('range', path, message, 'the ranges of a host and of its addresses go in step: as many of each');
    return [];
  }
  const list: Omit<HostAddress, 'interface'>[] = [];
  for (const one of expanded.value) {
    const read = readAddress(one);
    if (!read.ok) {
      context.report('address', path, read.error);
      return [];
    }
    list.push(read.value);
  }
  return list;
}

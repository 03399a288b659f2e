import * as z from 'zod';
import { platformNames } from '../cluster/platform.ts';
import { optional } from './key.ts';
import {
  hostAddress,
  localPath,
  nic,
  packageName,
  pattern,
  proxyJump,
  sshHost,
  sysctlKey,
  sysctlValue,
  user,
} from './text.ts';

const login = {
  user: optional(user, 'Login name.', { otherwise: 'as ~/.ssh/config says, then the name of who runs lvsctl' }),
  port: optional(z.int().min(1).max(65_535), 'Port of sshd.', { otherwise: 'as ~/.ssh/config says, then `22`' }),
  identityFile: optional(localPath, 'Private key; relative to the inventory, `~/` is the home folder.', {
    otherwise: 'as ~/.ssh/config says, and what the agent holds',
  }),
  proxyJump: optional(proxyJump, 'Bastions, `[user@]host[:port]`, commas between several (ssh_config(5) ProxyJump).', {
    otherwise: 'as ~/.ssh/config says',
  }),
  connectTimeout: optional(z.int().min(1).max(600), 'Time allowed for connecting and logging in.', {
    value: 10,
    unit: 'seconds',
  }),
};

/** `ssh` at the top and in groups. */
export const ssh = z.strictObject(login);

/** `ssh` of a host. */
export const hostSsh = z.strictObject({
  host: optional(sshHost, 'Name or address to connect to; ranges as in the host name.', {
    otherwise: "the host's first address",
  }),
  ...login,
});

const become = z.enum(['none', 'sudo']);
const names = z.array(pattern).min(1);
const cidr = z.union([hostAddress, z.array(hostAddress).min(1)]);

/**
 * What can be said at the top, of a group and of a host alike; the nearer to the host, the stronger. `outer` says where the
 * default is looked for; at the top there is nothing further out.
 */
export function shared(outer?: string) {
  const otherwise = (top: string) => ({ otherwise: outer ?? top });
  return {
    become: optional(
      become,
      'How to become root: `none` (logged in as root) or `sudo` (without a password).',
      otherwise('`sudo` if `ssh.user` is set and not root, else `none`'),
    ),
    platform: optional(
      z.enum(platformNames),
      'The family of distributions: `debian` (and Ubuntu), `rhel` (Rocky, Alma, CentOS, Fedora), `suse`, `alpine`.',
      outer === undefined ? { value: 'debian' } : { otherwise: outer },
    ),
    interface: optional(
      nic,
      'The NIC of the service network, which carries `address` and, on a director, the VIPs.',
      outer === undefined ? { value: 'eth0' } : { otherwise: outer },
    ),
    packages: optional(
      z.record(packageName, z.enum(['present', 'absent'])),
      'Further packages, `present` or `absent`.',
      otherwise('none'),
    ),
    sysctl: optional(
      z.record(sysctlKey, z.union([sysctlValue, z.int()])),
      'Further kernel settings, as sysctl(8) names them.',
      otherwise('none'),
    ),
    vars: optional(
      z.record(z.string(), z.unknown()),
      'Free variables for templates; a key of a nearer place replaces the whole value.',
      otherwise('none'),
    ),
  };
}

/** A host, or hosts if its name has ranges. */
export const host = z.strictObject({
  address: optional(
    hostAddress,
    'IPv4 or IPv6 address, `/24` or `/64` unless a prefix follows. Its ranges go in step with those of the name.',
    {
      otherwise: '`address6` is needed then',
    },
  ),
  address6: optional(hostAddress, 'IPv6 address, beside an IPv4 `address`.', { otherwise: 'none' }),
  interfaces: optional(z.record(nic, cidr), 'Further NICs and their addresses, one or a list.', { otherwise: 'none' }),
  ssh: optional(hostSsh, 'How to log in.', { otherwise: 'that of its groups, then of the top' }),
  ...shared('as its groups, then the top'),
});

/** A group of hosts and what holds for them. */
export const group = z.strictObject({
  hosts: optional(names, 'Patterns of hosts; the name of another group includes it.', { otherwise: 'no hosts' }),
  ssh: optional(ssh, 'How to log in.', { otherwise: 'that of the top' }),
  ...shared('as the top'),
});

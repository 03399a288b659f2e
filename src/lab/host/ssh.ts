import type { Layout } from '../layout.ts';
import type { LabHost } from '../spec.ts';

/** known_hosts of the lab: each host's key by its addresses and its name. */
export function knownHostsText(hosts: readonly LabHost[], keys: ReadonlyMap<string, string>): string {
  return hosts
    .map((host) => {
      const names = [host.name, ...host.nics.flatMap((nic) => nic.addresses.map(({ address }) => address))];
      const [type = '', key = ''] = (keys.get(host.name) ?? '').split(' ');
      return `${names.join(',')} ${type} ${key.trim()}\n`;
    })
    .join('');
}

/** An OpenSSH configuration with which `ssh -F FILE HOST` reaches the hosts from inside `lab exec`. */
export function sshConfigText(hosts: readonly LabHost[], paths: Pick<Layout, 'key' | 'knownHosts'>): string {
  const blocks = hosts.map((host) => `Host ${host.name}\n  HostName ${primaryAddress(host)}\n`);
  const common = [
    'Host *',
    '  User root',
    `  IdentityFile "${paths.key}"`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile "${paths.knownHosts}"`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    '  ConnectTimeout 10',
    // The exchange that OpenSSH would choose withstands quantum computers, and takes a third of what a login costs a lab host.
    '  KexAlgorithms curve25519-sha256',
    // A host that loses its power says no goodbye: without this an ssh to it would hang for ever.
    '  ServerAliveInterval 5',
    '  ServerAliveCountMax 3',
    '',
  ];
  return [...blocks, common.join('\n')].join('\n');
}

/** The address a host is reached at: the first of its first NIC. */
export function primaryAddress(host: LabHost): string {
  const first = host.nics[0]?.addresses[0];
  if (first === undefined) throw new Error(`host ${host.name} has no address`);
  return first.address;
}

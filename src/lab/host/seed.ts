import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../run.ts';
import type { LabHost, LabSpec } from '../spec.ts';
import type { Tap } from '../topology.ts';

/** A file laid into a host's root before its first process starts. */
export interface SeedFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** What makes a host itself. */
export interface Identity {
  readonly host: LabHost;
  readonly taps: readonly Tap[];
  readonly spec: LabSpec;
  /** The operator's address in the first network. */
  readonly operator: string;
  /** The host's own key, as ssh-keygen wrote it. */
  readonly hostKey: { readonly secret: string; readonly public: string };
  /** The key that may log in. */
  readonly loginKey: string;
}

/** The files that make a host itself: names, addresses, keys. */
export function seedFiles(identity: Identity): SeedFile[] {
  const { host, hostKey, loginKey } = identity;
  return [
    { path: 'etc/hostname', text: `${host.name}\n`, mode: 0o644 },
    { path: 'etc/machine-id', text: `${machineId(hostKey.public)}\n`, mode: 0o444 },
    { path: 'etc/hosts', text: hostsFile(identity.spec, host, identity.operator), mode: 0o644 },
    { path: 'etc/lab/network', text: networkFile(host), mode: 0o644 },
    { path: 'etc/ssh/ssh_host_ed25519_key', text: hostKey.secret, mode: 0o600 },
    { path: 'etc/ssh/ssh_host_ed25519_key.pub', text: hostKey.public, mode: 0o644 },
    // One file for every user: sshd wants it to be root's or the user's.
    { path: 'etc/ssh/authorized_keys', text: loginKey, mode: 0o644 },
  ];
}

/** Writes the files as a tar archive, which a host reads from its second disk. */
export async function writeSeed(archive: string, files: readonly SeedFile[]): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'lvsctl-seed-'));
  try {
    for (const file of files) {
      const path = join(root, file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.text);
      await chmod(path, file.mode);
    }
    const names = files.map((file) => file.path);
    await run('tar', ['--create', '--file', archive, '--directory', root, '--owner=0', '--group=0', '--', ...names]);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** /etc/hosts: every host by its primary address, and the operator. */
export function hostsFile(spec: LabSpec, self: LabHost, operator: string): string {
  const others = spec.hosts.flatMap((host) =>
    host.nics.slice(0, 1).flatMap((nic) => nic.addresses.slice(0, 1).map(({ address }) => `${address} ${host.name}`)),
  );
  const known = others.some((line) => line.endsWith(` ${self.name}`));
  const local = known ? 'localhost' : `localhost ${self.name}`;
  return [`127.0.0.1 ${local}`, '::1 localhost ip6-localhost ip6-loopback', ...others, `${operator} operator`, ''].join(
    '\n',
  );
}

/** What templates/lab/guest/usr/local/lib/lab/network reads. */
export function networkFile(host: LabHost): string {
  return host.nics
    .flatMap((nic, index) => [
      `nic vec${index} ${nic.name}`,
      ...nic.addresses.map(({ address, prefix }) => `address ${nic.name} ${address}/${prefix}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function machineId(hostKey: string): string {
  return createHash('sha256').update(hostKey).digest('hex').slice(0, 32);
}

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { home } from '../../installation.ts';
import type { Conversion } from './conversion.ts';

/** The two disks a host can start from: without and with the product's packages (installed, not configured, not enabled). */
export type ImageKind = 'blank' | 'warm';

/** Suites of Debian that images are built of, 13 and 12. */
export const suites = ['trixie', 'bookworm'] as const;

/** See {@link suites}. */
export type Suite = (typeof suites)[number];

/**
 * What a lab host can run. The first is what it runs unless said otherwise; `rhel-like` is Debian 12 whose packages were
 * converted to rpm, see conversion.ts.
 */
export const systems = [...suites, 'rhel-like'] as const;

/** See {@link systems}. */
export type System = (typeof systems)[number];

/** Everything an image is made of. A change of any of it makes a new image. */
export interface Recipe {
  /** Debian suite of the hosts. */
  readonly suite: string;
  /** Suites to look for the kernel in, in this order; older ones die on processors with AMX. */
  readonly kernelSuites: readonly string[];
  /** What every host has. */
  readonly packages: readonly string[];
  /** What hosts can install without a network, dependencies included. */
  readonly repository: readonly string[];
  /** What a warm host has besides. */
  readonly warm: readonly string[];
  /** What the installation of `warm` enables, and is disabled again. */
  readonly warmServices: readonly string[];
  /** MiB free on a new disk; little enough that a test can fill it. */
  readonly free: number;
  /** Password of the user `opspw`. It opens nothing but virtual hosts that nobody else can reach. */
  readonly password: string;
  /** Text of the scripts and of the files laid over the image, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Folder of the scripts that build the images. */
export const scriptFolder = join(home, 'templates', 'lab');

/** Password with which the lab's user `opspw` uses sudo. */
export const labPassword = 'lab-only-password';

/** The recipe in use for hosts of a suite. */
export function recipe(suite: Suite): Recipe {
  return {
    suite,
    kernelSuites: ['forky', 'sid'],
    packages: [
      ...['systemd', 'systemd-sysv', 'dbus', 'udev', 'kmod', 'openssh-server', 'iproute2', 'iputils-ping'],
      ...['iputils-arping', 'procps', 'curl', 'sudo', 'netbase', 'nftables', 'python3', 'python3-apt'],
    ],
    repository: [
      ...[
        'keepalived',
        'ipvsadm',
        'nginx',
        'nfs-kernel-server',
        'nfs-common',
        'apache2',
        'haproxy',
        'socat',
        'tcpdump',
      ],
      'postgresql',
    ],
    warm: ['keepalived', 'ipvsadm', 'nginx', 'nfs-kernel-server', 'nfs-common', 'haproxy', 'postgresql'],
    warmServices: [
      ...['keepalived.service', 'ipvsadm.service', 'nginx.service', 'nfs-server.service', 'nfs-client.target'],
      ...['nfs-blkmap.service', 'rpcbind.service', 'rpcbind.socket', 'haproxy.service', 'postgresql.service'],
    ],
    free: 512,
    password: labPassword,
    files: textFiles(scriptFolder),
  };
}

/** Names an image: the same recipe, the same key. */
export function cacheKey(made: Recipe | Conversion): string {
  const sorted = Object.fromEntries(Object.entries(made.files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256')
    .update(JSON.stringify({ ...made, files: sorted }))
    .digest('hex')
    .slice(0, 16);
}

/** The text of every file below a folder, by its path there. */
export function textFiles(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path, 'utf8')];
    }),
  );
}

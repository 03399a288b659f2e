import { join } from 'node:path';
import { home } from '../../installation.ts';
import { cacheKey, recipe, textFiles, type Suite } from './recipe.ts';
import { rpms, type RpmRecipe } from './rpms.ts';

/**
 * Everything that the image of a system of RHEL's kind is made of: a Debian whose packages were converted to rpm. A change of
 * any of it makes a new image.
 */
export interface Conversion {
  /** The Debian it starts from, and the key of its images. */
  readonly base: Suite;
  readonly baseKey: string;
  /** Debian packages that every host has besides, and that the conversion needs. */
  readonly tools: readonly string[];
  /** What hosts can install. */
  readonly rpms: readonly RpmRecipe[];
  /** What every host has from the start, by the names that it has on RHEL: known to rpm, but without files. */
  readonly present: readonly string[];
  /** What a warm host has besides. */
  readonly warm: readonly string[];
  /** MiB free on a new disk. */
  readonly free: number;
  /** Text of the scripts and of the files laid over the image, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Folder of the scripts that convert an image, and of what they lay over it. */
export const conversionFolder = join(home, 'templates', 'lab-rhel-like');

/** The conversion in use. Debian 12 is next to RHEL 9: the same dnf, systemd and NFS tools, and nearly the same keepalived. */
export function conversion(): Conversion {
  const base = recipe('bookworm');
  return {
    base: 'bookworm',
    baseKey: cacheKey(base),
    tools: ['dnf', 'rpm', 'createrepo-c'],
    rpms,
    present: [
      ...['almalinux-release', 'bash', 'coreutils', 'curl', 'dnf', 'iproute', 'iputils', 'kmod', 'openssh-server'],
      ...['procps-ng', 'python3', 'rpm', 'shadow-utils', 'sudo', 'systemd', 'util-linux'],
    ],
    warm: ['keepalived', 'ipvsadm', 'nginx', 'nfs-utils', 'haproxy', 'socat'],
    free: base.free,
    files: textFiles(conversionFolder),
  };
}

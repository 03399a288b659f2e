import type { PlatformName } from '../inventory/cluster/platform.ts';
import { alpine } from './alpine.ts';
import { debian } from './debian.ts';
import type { Platform } from './platform.ts';
import { rhel } from './rhel.ts';
import { suse } from './suse.ts';

/** Every family of distributions, by the name that the inventory has for it. */
export const platforms: Readonly<Record<PlatformName, Platform>> = { debian, rhel, suse, alpine };

/** os-release(5) names of each family, in ID or ID_LIKE. */
const names: Readonly<Record<PlatformName, RegExp>> = {
  debian: /^(debian|ubuntu)$/,
  rhel: /^(rhel|centos|fedora|rocky|almalinux|ol|amzn)$/,
  suse: /^(suse|sles|sled|opensuse.*)$/,
  alpine: /^alpine$/,
};

/** The family that a host's os-release(5) speaks of: its ID, else what it says it is like; undefined: none that is known. */
export function familyOf({
  id,
  like,
}: {
  readonly id: string;
  readonly like: readonly string[];
}): PlatformName | undefined {
  for (const word of [id, ...like]) {
    for (const platform of Object.values(platforms)) if (names[platform.name].test(word)) return platform.name;
  }
  return undefined;
}

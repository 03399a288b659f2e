/** Families of distributions, by what differs between them: package manager, service manager, names and paths. */
export const platformNames = ['debian', 'rhel', 'suse', 'alpine'] as const;

/** See {@link platformNames}. */
export type PlatformName = (typeof platformNames)[number];

import { createHash } from 'node:crypto';
import type { ResourceRef } from '../resources/resource.ts';

/** The folder on a host in which lvsctl keeps what it put there: a folder for each resource. */
export const manifestFolder = '/var/lib/lvsctl/manifest';

/** The name of a resource's folder in the manifest: 20 hex digits, so that any resource name will do. */
export function entryId(ref: ResourceRef): string {
  return createHash('sha256').update(ref).digest('hex').slice(0, 20);
}

/** Where the file is kept that a resource took the place of. */
export function originalPath(ref: ResourceRef): string {
  return `${manifestFolder}/${entryId(ref)}/original`;
}

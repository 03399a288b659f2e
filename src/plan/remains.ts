import type { Cluster } from '../inventory/cluster.ts';
import { parseTable, serviceName } from '../ipvs/table.ts';
import { lookAt, observe } from '../observe/observe.ts';
import type { Section } from '../observe/frame.ts';
import type { Leftover } from '../manifest/manifest.ts';
import type { Resource } from '../resources/index.ts';
import type { DesiredHost } from '../roles/index.ts';
import type { Connection } from '../ssh/connection.ts';
import { desiredTable } from '../ipvs/desired.ts';
import { stepsFor } from './removal.ts';

/** Something that is on a host after a teardown. */
export interface Remains {
  readonly host: string;
  /** A resource, a VIP, a virtual service, or why it is not known. */
  readonly what: string;
  /** Whether it may stay: a folder with data in it, a module that something else uses. */
  readonly allowed: boolean;
}

/** Kinds of which something may rightly be left. */
const mayStay: ReadonlySet<Resource['kind']> = new Set(['directory', 'kernel-module']);

/** ipvsadm(8) loads ip_vs: where that is not loaded any more, there is no table to be looked at. */
const tableSection: Section = {
  name: 'remains-table',
  sh: '[ ! -e /proc/net/ip_vs ] || ipvsadm -Ln 2>/dev/null || :',
};

/** What is asked of a host besides its manifest: the table of a director. */
export function remainsSections(cluster: Cluster, host: string): Section[] {
  return cluster.directors.includes(host) ? [tableSection] : [];
}

/**
 * What is left on a host of what was taken away: looked at anew, resource by resource, and the manifest, the VIPs and the table
 * of virtual services.
 */
export async function lookForRemains(
  cluster: Cluster,
  connection: Connection,
  nothing: DesiredHost,
  before: readonly Leftover[],
  sections: readonly Section[],
): Promise<Remains[]> {
  const { host } = connection;
  const now = await observe(connection, nothing, sections);
  if (!now.ok) return [{ host, what: `could not be looked at again: ${now.error.detail}`, allowed: false }];
  const again = await lookAt(
    connection,
    nothing.platform,
    before.map(({ entry }) => entry),
  );
  if (!again.ok) return [{ host, what: `could not be looked at again: ${again.error.detail}`, allowed: false }];
  const context = { platform: nothing.platform, changed: () => false, removePackages: false };
  const left = again.value.filter((one, index) => {
    // The originals are back in their places by now: what they were is known from before.
    const was = before[index]?.before;
    return stepsFor({ ...one, before: was }, context).length > 0;
  });
  const vips = new Set(cluster.services.map(({ vip }) => vip));
  const table = parseTable(now.value.extra.get(tableSection.name)?.output ?? '');
  const ours = new Set(desiredTable(cluster).map(({ key }) => serviceName(key)));
  return [
    ...[...now.value.manifest.keys()].map((ref) => ({ host, what: `${ref}, in the manifest`, allowed: false })),
    ...left.map(({ entry }) => ({ host, what: entry.ref, allowed: mayStay.has(entry.resource.kind) })),
    ...now.value.facts.addresses
      .filter(({ address }) => vips.has(address))
      .map((one) => ({ host, what: `VIP ${one.address} on ${one.interface}`, allowed: false })),
    ...(table.ok ? table.value : [])
      .filter(({ key }) => ours.has(serviceName(key)))
      .map(({ key }) => ({ host, what: `virtual service ${serviceName(key)}`, allowed: false })),
  ];
}

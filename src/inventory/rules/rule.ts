import type { Cluster, Family, Host } from '../cluster.ts';
import type { Problem } from '../problem.ts';
import type { Path, PlaceOf } from '../yaml/places.ts';

/** Something that must hold across the inventory. */
export interface Rule {
  /** As it stands in brackets after a message. */
  readonly name: string;
  /** What goes wrong otherwise. */
  readonly why: string;
  /** Every violation; pure. `place` takes paths as the cluster knows them: `['hosts', 'web2', 'addresses', 0]`. */
  readonly check: (cluster: Cluster, place: PlaceOf) => Problem[];
}

/** A VIP where it is written. */
export interface WrittenVip {
  readonly vip: string;
  readonly family: Family;
  readonly path: Path;
}

/** Every VIP once: those of services first, then those that only VRRP instances name. */
export function vipsOf(cluster: Cluster): WrittenVip[] {
  const vips = new Map<string, WrittenVip>();
  for (const { name, vip, family } of cluster.services) {
    if (!vips.has(vip)) vips.set(vip, { vip, family, path: ['services', name, 'vip'] });
  }
  for (const { name, vips: carried, family } of cluster.vrrp) {
    for (const [n, { address: vip }] of carried.entries())
      if (!vips.has(vip)) vips.set(vip, { vip, family, path: ['vrrp', name, 'vips', n] });
  }
  return [...vips.values()];
}

/** The hosts by name. */
export function hostsByName(cluster: Cluster): ReadonlyMap<string, Host> {
  return new Map(cluster.hosts.map((host) => [host.name, host]));
}

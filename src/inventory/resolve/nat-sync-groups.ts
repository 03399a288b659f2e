import type { SyncGroup, VirtualService, VrrpInstance } from '../cluster.ts';
import { plainGroup } from './sync-groups.ts';

/**
 * The sync groups, with those that NAT needs: the director that takes requests in must be the one that answers leave by, so
 * the instances of a service's VIP and of its inner VIP move together. Groups that come to share an instance become one.
 */
export function withNatSyncGroups(
  written: readonly SyncGroup[],
  vrrp: readonly VrrpInstance[],
  services: readonly VirtualService[],
): SyncGroup[] {
  let groups: readonly SyncGroup[] = written;
  const carrier = (vip: string): VrrpInstance | undefined =>
    vrrp.find(({ vips }) => vips.some(({ address }) => address === vip));
  for (const { vip, forwarding } of services) {
    if (forwarding.mode !== 'NAT') continue;
    const [outer, inner] = [carrier(vip), carrier(forwarding.gateway)];
    if (outer === undefined || inner === undefined || outer === inner) continue;
    groups = together(groups, outer, inner);
  }
  return [...groups];
}

function together(groups: readonly SyncGroup[], outer: VrrpInstance, inner: VrrpInstance): SyncGroup[] {
  const pair = [outer.name, inner.name];
  const touched = groups.filter(({ instances }) => instances.some((name) => pair.includes(name)));
  const instances = [...new Set([...touched.flatMap((group) => group.instances), ...pair])];
  const [first] = touched;
  if (first === undefined) {
    return [...groups, plainGroup(freeName(groups), instances)];
  }
  return groups.flatMap((group) => {
    if (group === first) return [{ ...first, instances }];
    return touched.includes(group) ? [] : [group];
  });
}

function freeName(groups: readonly SyncGroup[]): string {
  const taken = new Set(groups.map(({ name }) => name));
  let number = 1;
  while (taken.has(`VG_${number}`)) number += 1;
  return `VG_${number}`;
}
